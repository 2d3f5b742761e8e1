"""The page in its languages: which is chosen, numbers as they are written there, and no text left in English."""

import re

import pytest
from browser import watched_page
from driving import PLAIN, SMALL, canvas, unfold
from selection import some

from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.palettes import PALETTES
from artstudio.model.features import FEATURES
from artstudio.model.size import SIZES
from artstudio.pages import studio_texts
from artstudio.pages.studio_page import studio_page
from artstudio.presets.collections import shipped_presets

WORDS = "document.querySelector('#dock button').ariaLabel"


LANGUAGES = [
    ("en-GB", "", "en", "Randomise", "0.5"),
    ("de-AT", "", "de", "Zufall", "0,5"),
    ("es-MX", "", "es", "Azar", "0.5"),
    ("es-ES", "", "es", "Azar", "0,5"),
    ("it-IT", "", "en", "Randomise", "0.5"),
    ("fr-FR", "?lang=zh", "zh-Hans", "随机", "0.5"),
    ("de-DE", "?lang=en", "en", "Randomise", "0.5"),
    ("fr-FR", "?lang=xx", "fr", "Hasard", "0,5"),
]


@pytest.mark.parametrize(("locale", "query", "lang", "words", "half"), some(LANGUAGES, LANGUAGES[1:2]))
def test_the_browser_or_the_address_chooses(browser, address, locale, query, lang, words, half):
    fragment = f"seed=7&activation=sigmoid&explorer=1&{PLAIN}"
    with watched_page(browser, f"{address}{query}#{fragment}", locale=locale, **SMALL) as watched:
        page = watched.page
        assert page.evaluate("document.documentElement.lang") == lang
        assert page.evaluate(WORDS) == words
        page.get_by_role("spinbutton", name="z").fill("0")
        assert page.locator(".ex-panel output").first.inner_text() == half
        assert watched.problems() == []


@pytest.mark.sweep
def test_the_language_is_chosen_on_the_page(browser, address):
    with watched_page(browser, f"{address}#seed=7&{PLAIN}", **SMALL) as watched:
        page = watched.page
        canvas(page).press("?")
        page.get_by_role("combobox", name="Language").select_option("Deutsch")
        page.locator("html[lang=de][data-ready]").wait_for()
        assert "lang=de" in page.url
        assert "seed=7" in page.url


SHOWN = """() => {
  const kinds = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
  const wordless = "script, noscript, style, math, code, textarea, kbd, [lang]:not(html), .words";
  return [...document.querySelectorAll("body, body *")].flatMap((element) => [
    ...kinds.map((kind) => element.getAttribute(kind)).filter(Boolean),
    ...(element.closest(wordless) ? [] : [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent)),
  ]);
}"""
TITLES = [preset.title for preset in shipped_presets().values()]
IDENTIFIERS = [name for name in (*PALETTES, *FEATURES, *COLOUR_MODELS, *SIZES) if len(name) > 2]
SAME_EVERYWHERE = {
    *TITLES, *IDENTIFIERS, "artstudio", "Art Studio", "Softmax", "p_i = e^(z_i / T) / sum_j e^(z_j / T)",
}  # fmt: skip


def english(text):
    """What of a text stands outside of all guillemets, without names; empty where that is no word."""
    while re.search("«[^«»]*»", text):
        text = re.sub("«[^«»]*»", "", text)
    for name in sorted(SAME_EVERYWHERE, key=len, reverse=True):
        text = text.replace(name, "")
    return text if re.search("[A-Za-z]{3}", text) else ""


@pytest.mark.sweep
@pytest.mark.parametrize("keys", some(["c", "b", "a", "t", "e", "d", "s", "?"], {"e"}))
def test_no_text_is_left_in_english(browser, tmp_path, monkeypatch, keys):
    """In a language whose texts are the English ones in «guillemets», there is nothing outside of them."""

    class Quoted(dict):
        def get(self, text, default=None):
            return f"«{text}»"

    monkeypatch.setattr(studio_texts, "catalogues", lambda: {"xx": {"name": "Quoted", "texts": Quoted()}})
    (tmp_path / "quoted.html").write_text(studio_page(served=False), encoding="utf-8")
    with watched_page(
        browser, f"{(tmp_path / 'quoted.html').as_uri()}?lang=xx#seed=7&{PLAIN}", **SMALL
    ) as watched:
        page = watched.page
        for part in ("«Space»", "«Finish»", "«View»"):
            unfold(page, part)
        for key in keys:
            canvas(page).press(key)
        assert list(filter(None, map(english, page.evaluate(SHOWN)))) == []
