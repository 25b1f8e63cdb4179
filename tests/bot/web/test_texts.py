"""The texts of pages and API, and the choice of language."""

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from bot.web.texts import LOCALES, load_texts

TEXTS = load_texts()
CHINESE, ENGLISH = (TEXTS.by_locale[locale] for locale in LOCALES)


def asking(language: str = "", cookie: str = "", query: str = "") -> Request:
    """A request with these wishes."""
    headers = [(b"accept-language", language.encode()), (b"cookie", cookie.encode())]
    return Request({"type": "http", "headers": headers, "query_string": query.encode()})


def test_every_text_stands_in_every_language() -> None:
    assert CHINESE.keys() == ENGLISH.keys()


def test_languages_agree_on_placeholders() -> None:
    differing = [
        key for key in CHINESE if _placeholders(CHINESE[key]) != _placeholders(ENGLISH[key])
    ]
    assert differing == []


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_english_text_holds_chinese_but_the_name_of_the_language() -> None:
    chinese = [key for key, text in ENGLISH.items() if re.search(r"[\u4e00-\u9fff]", text)]
    assert chinese == ["page.language", "privacy.language"]


@pytest.mark.parametrize(
    "request_, locale",
    [
        (asking(), "zh-CN"),
        (asking("zh-TW,en;q=0.8"), "zh-CN"),
        (asking("en-GB,en;q=0.9"), "en"),
        (asking("fr, de;q=0.9, en;q=0.1"), "en"),
        (asking("zh;q=0.3, en;q=0.7"), "en"),
        (asking("en;q=0"), "zh-CN"),
        (asking("en", cookie="beian_lang=zh-CN"), "zh-CN"),
        (asking("zh-CN", cookie="beian_lang=en"), "en"),
        (asking("zh-CN", cookie="beian_lang=xx"), "zh-CN"),
        (asking("zh-CN", cookie="beian_lang=zh-CN", query="lang=en"), "en"),
    ],
)
def test_the_language_is_the_one_chosen_else_the_browsers_first(
    request_: Request, locale: str
) -> None:
    assert TEXTS.locale_of(request_) == locale


@given(st.text(st.characters(max_codepoint=255), max_size=200))
def test_any_accept_language_gives_a_language(header: str) -> None:
    request = Request(
        {
            "type": "http",
            "headers": [(b"accept-language", header.encode("latin-1"))],
            "query_string": b"",
        }
    )
    assert TEXTS.locale_of(request) in LOCALES
