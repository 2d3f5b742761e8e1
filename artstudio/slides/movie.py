"""A video on a slide: it begins when the slide is shown and repeats until the next one.

PowerPoint's own form of "Start: Automatically" and "Loop until Stopped" (ISO/IEC 29500-1, 19.5: `cmd`, `cMediaNode`,
`cTn`): the main sequence calls the shape's `playFrom`, and its media node repeats without end. There is no sound.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from artstudio.slides.slide import Film

_TIMING = """
<p:timing {namespaces}><p:tnLst><p:par><p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot"><p:childTnLst>
 <p:seq concurrent="1" nextAc="seek">
  <p:cTn id="2" dur="indefinite" nodeType="mainSeq"><p:childTnLst>
   <p:par><p:cTn id="3" fill="hold">
    <p:stCondLst><p:cond delay="indefinite"/><p:cond evt="onBegin" delay="0"><p:tn val="2"/></p:cond></p:stCondLst>
    <p:childTnLst><p:par><p:cTn id="4" fill="hold"><p:stCondLst><p:cond delay="0"/></p:stCondLst>
     <p:childTnLst><p:par>
      <p:cTn id="5" presetID="1" presetClass="mediacall" presetSubtype="0" fill="hold" nodeType="afterEffect">
       <p:stCondLst><p:cond delay="0"/></p:stCondLst>
       <p:childTnLst><p:cmd type="call" cmd="playFrom(0.0)"><p:cBhvr>
        <p:cTn id="6" dur="{milliseconds}" fill="hold"/><p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>
       </p:cBhvr></p:cmd></p:childTnLst>
      </p:cTn></p:par></p:childTnLst>
    </p:cTn></p:par></p:childTnLst>
   </p:cTn></p:par>
  </p:childTnLst></p:cTn>
  <p:prevCondLst><p:cond evt="onPrev" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:prevCondLst>
  <p:nextCondLst><p:cond evt="onNext" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:nextCondLst>
 </p:seq>
 <p:video><p:cMediaNode vol="80000" mute="1">
  <p:cTn id="7" repeatCount="indefinite" fill="hold" display="0">
   <p:stCondLst><p:cond delay="indefinite"/></p:stCondLst>
  </p:cTn>
  <p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>
 </p:cMediaNode></p:video>
</p:childTnLst></p:cTn></p:par></p:tnLst></p:timing>
"""


def add_movie(page: Any, film: Film, poster: bytes, left: int, top: int, width: int, height: int) -> Any:
    """Put a video on a slide, which may hold one; lengths are in English Metric Units. Return its shape."""
    still, data = BytesIO(poster), BytesIO(film.data)
    movie = page.shapes.add_movie(data, left, top, width, height, poster_frame_image=still, mime_type="video/mp4")
    # python-pptx leaves a video to wait for a click.
    found = page._element.find(qn("p:timing"))
    text = _TIMING.format(namespaces=nsdecls("p"), milliseconds=round(1000 * film.seconds), shape=movie.shape_id)
    page._element.replace(found, parse_xml("".join(line.strip() for line in text.splitlines())))
    return movie
