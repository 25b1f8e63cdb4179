"""What the footer check says of home pages, right and wrong, whole and broken."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.footer.isolated import TooMuch, read_apart
from bot.footer.markup import decode, read_page
from dialogs.footer_words import say_finding
from dialogs.wording import load_wording
from filing.filing_number import FilingNumber, parse_filing_number
from filing.footer import Footer, FooterCode, footer_for
from filing.footer_check import check_footer, is_right
from filing.page import Page
from filing.police_number import PoliceNumber, parse_police_number
from knowledge.rules_loader import load_rulebook

TODAY = date(2026, 11, 26)
PAGES = tomllib.loads(Path(__file__).with_name("pages.toml").read_text(encoding="utf-8"))["page"]
LINK = "https://beian.miit.gov.cn/"
ABOVE = (
    "<!doctype html><html><head><title>示例</title></head><body><header><h1>示例</h1></header>"
    "<nav><ul><li>首页</li><li>产品</li></ul></nav><main><p>欢迎来到我们的网站。</p></main><footer>"
)
RULEBOOK = load_rulebook()


def footer(case: dict[str, Any]) -> Footer:
    """What the page of a case has to show."""
    province = case.get("province", "北京")
    letter = {"北京": "京", "江苏": "苏", "上海": "沪", "广东": "粤"}[province]
    number = parse_filing_number(case.get("number", f"{letter}ICP备2026000001号-1"))
    police = parse_police_number(case["police"]) if "police" in case else None
    assert isinstance(number, FilingNumber)
    assert police is None or isinstance(police, PoliceNumber)
    return footer_for(
        number,
        province,
        RULEBOOK,
        TODAY,
        subject_name=case.get("subject", "江苏示例科技有限公司" if province == "江苏" else None),
        police=police,
    )


def page(case: dict[str, Any], wanted: Footer) -> Page:
    """The page of a case."""
    html = case["page"] if "page" in case else f"{ABOVE}{case['bottom']}</footer></body></html>"
    html = html.replace("RIGHT", "<a href='LINK'>№</a>").replace("LINK", LINK)
    return read_page(html.replace("№", wanted.number.full), "https://www.example.cn/")


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case["name"])
def test_each_page_is_judged_as_written_beside_it(case: dict[str, Any]) -> None:
    wanted = footer(case)
    found = check_footer(page(case, wanted), wanted)
    assert [one.code.value for one in found] == case["says"]


def test_there_are_more_than_a_hundred_pages_and_every_finding_occurs() -> None:
    assert len({case.get("page", case.get("bottom", "")) + str(case) for case in PAGES}) > 100
    told = {code for case in PAGES for code in case["says"]}
    elsewhere = {FooterCode.CHARSET_WRONG, FooterCode.PAGE_CUT_SHORT}  # tested below
    assert told == {code.value for code in FooterCode} - elsewhere


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_finding_can_be_said(locale: str) -> None:
    wording = load_wording()
    for case in PAGES:
        wanted = footer(case)
        for finding in check_footer(page(case, wanted), wanted):
            assert say_finding(finding, wording, locale).message


@pytest.mark.parametrize("province", ["北京", "江苏", "广东", "上海"])
def test_the_html_that_is_offered_passes_the_check(province: str) -> None:
    case = {"province": province, "police": "京公网安备11010502030143号"}
    wanted = footer(case)
    found = check_footer(page(case | {"bottom": wanted.html}, wanted), wanted)
    assert is_right(found)
    assert all(one.level == "ok" for one in found if one.code is not FooterCode.COPYRIGHT_MISSING)


def test_a_name_cannot_break_out_of_the_html_that_is_offered() -> None:
    wanted = footer({"province": "江苏", "subject": "<script>alert(1)</script>"})
    assert "<script>" not in wanted.html


GBK = f"<p>欢迎光临</p><p><a href='{LINK}'>京ICP备2026000001号-1</a></p>"


@pytest.mark.parametrize(
    "content, charset, says",
    [
        (GBK.encode("gbk"), "gbk", []),
        (b"<meta charset=gb2312>" + GBK.encode("gbk"), None, []),
        (GBK.encode("gbk"), None, []),
        (GBK.encode("gb18030"), "GB18030", []),
        (GBK.encode("big5", "replace"), "gbk", None),
        (b"\xef\xbb\xbf" + GBK.encode(), "utf-8", []),
        (b"\xff\xfe" + GBK.encode("utf-16-le"), None, []),
        (GBK.encode(), "no-such-charset", []),
        (GBK.encode("gbk"), "utf-8", ["charset_wrong"]),
        (b"<meta charset=utf-8>" + GBK.encode("gbk"), None, ["charset_wrong"]),
        (GBK.encode(), "gbk", ["charset_wrong"]),
        (GBK.encode(), "iso-8859-1", ["charset_wrong"]),
        (GBK.encode() + b"\xff", "utf-8", []),
    ],
)
def test_pages_are_read_in_their_own_charset(
    content: bytes, charset: str | None, says: list[str] | None
) -> None:
    decoded = decode(content, charset)
    found = check_footer(read_page(decoded.text, garbled_as=decoded.garbled_as), footer({}))
    codes = [one.code.value for one in found]
    if says is None:
        assert not is_right(found)
    else:
        assert codes == [*says, "number_shown", "link_right"]


def test_a_page_too_long_to_be_read_is_said_to_be() -> None:
    found = check_footer(read_page("<p>一</p>" * 70_000 + GBK), footer({}))
    assert [one.code.value for one in found] == ["page_cut_short", "number_missing"]


def test_a_page_may_be_nested_as_deep_as_it_likes() -> None:
    found = check_footer(read_page("<div>" * 20_000 + GBK), footer({}))
    assert [one.code.value for one in found] == ["number_shown", "link_right"]


def test_styles_without_end_do_not_keep_the_check() -> None:
    styles = "".join(f".c{n} p:nth-child({n}){{color:red}}" for n in range(2_000))
    found = check_footer(
        read_page(f"<style>{styles}</style>" + "<p>一</p>" * 5_000 + GBK), footer({})
    )
    assert [one.code.value for one in found] == ["number_shown", "link_right"]


async def test_a_page_is_read_apart_as_it_is_here() -> None:
    assert await read_apart(ABOVE + GBK, "https://example.cn") == read_page(
        ABOVE + GBK, "https://example.cn"
    )


async def test_a_page_that_takes_too_long_is_given_up() -> None:
    styles = "".join(f".y{n} div div div div .x{{color:red}}" for n in range(100))
    with pytest.raises(TooMuch):
        await read_apart(f"<style>{styles}</style>" + "<div>" * 9_000 + "<p class=x>", seconds=1)
