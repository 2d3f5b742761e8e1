"""MP4 (H.264) and WebM (VP9) by PyAV, which is imported when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from artstudio.motion.film.take import Frame, Take

_BT709 = 1
_SRGB = 13
"""Numbers of ITU-T H.273: primaries and matrix of BT.709, the transfer function of IEC 61966-2-1."""


def write_mp4(path: Path, frames: Iterable[Frame], take: Take) -> None:
    """Write H.264 that every player knows; the index stands first, so that it plays while it loads."""
    # `veryfast` takes half as long again for a smaller file; on pictures this smooth both are small.
    options = {"preset": "superfast", "crf": str(round(35 - 0.2 * take.quality)), "profile": "high"}
    container = {"movflags": "+faststart"}
    _write(path, "mp4", "libx264", frames, take, options, container)


def write_webm(path: Path, frames: Iterable[Frame], take: Take) -> None:
    """Write VP9 at a constant quality."""
    options = {
        "crf": str(round(55 - 0.3 * take.quality)),
        "b": "0",
        "deadline": "good",
        "cpu-used": "5",
        "row-mt": "1",
    }
    _write(path, "webm", "libvpx-vp9", frames, take, options, {})


def _write(
    path: Path,
    kind: str,
    codec: str,
    frames: Iterable[Frame],
    take: Take,
    options: Mapping[str, str],
    container_options: Mapping[str, str],
) -> None:
    import av
    from av.video.reformatter import ColorRange, Colorspace

    with av.open(str(path), "w", format=kind, options=dict(container_options)) as container:
        container.metadata["comment"] = take.comment
        stream: Any = container.add_stream(codec, rate=take.fps, options=dict(options))
        stream.width, stream.height, stream.pix_fmt = take.width, take.height, "yuv420p"
        stream.time_base = stream.codec_context.time_base = 1 / Fraction(take.fps)
        # A key frame every two seconds, so that players can jump.
        stream.codec_context.gop_size = round(2 * take.fps)
        # Said and done: unlabelled video is taken for BT.601 or BT.709 according to its size.
        stream.codec_context.color_primaries = stream.codec_context.colorspace = _BT709
        stream.codec_context.color_trc = _SRGB
        stream.codec_context.color_range = int(ColorRange.MPEG)
        for number, pixels in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            picture.pts, picture.time_base = number, 1 / Fraction(take.fps)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
