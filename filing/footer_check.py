"""Whether a home page shows what it has to: the number, its link, the subject's name, the badge."""

from collections.abc import Iterator
from typing import Final

from filing.footer import Footer, FooterCode, FooterFinding, Level, params_of
from filing.footer_number import check_number
from filing.footer_police import check_police
from filing.page import Page
from filing.provinces import province_named

_RIGHTS_RESERVED: Final = ("版权所有", "版權所有")
_RIGHTS: Final = (*_RIGHTS_RESERVED, "copyright", "©", "(c)")


def check_footer(page: Page, footer: Footer) -> tuple[FooterFinding, ...]:
    """All that is right and wrong with a home page, the filing number first."""
    return (
        *_the_page_itself(page, footer),
        *check_number(page, footer),
        *_copyright(page, footer),
        *check_police(page, footer),
    )


def is_right(findings: tuple[FooterFinding, ...]) -> bool:
    """Whether nothing has to be mended."""
    return all(finding.level != "error" for finding in findings)


def _the_page_itself(page: Page, footer: Footer) -> Iterator[FooterFinding]:
    letter = footer.filed.letter
    province = province_named(footer.province) if footer.province else None
    if letter and province is not None and province.abbr != letter:
        params = params_of(number=footer.filed.full, province=province.name)
        yield FooterFinding(FooterCode.NUMBER_OF_OTHER_PROVINCE, "warning", params)
    if page.garbled_as:
        yield FooterFinding(
            FooterCode.CHARSET_WRONG,
            "error",
            params_of(charset=page.garbled_as),
            '<meta charset="utf-8">',
        )
    if page.cut_short:
        yield FooterFinding(FooterCode.PAGE_CUT_SHORT, "warning")


def _copyright(page: Page, footer: Footer) -> Iterator[FooterFinding]:
    shown = list(page.visible_lines())
    around = [
        "".join(shown[max(0, row - 1) : row + 2])  # the name may stand above or below
        for row, line in enumerate(shown)
        if any(mark in line.lower() for mark in _RIGHTS)
    ]
    reserved = any(mark in line for line in shown for mark in _RIGHTS_RESERVED)
    name = _squeezed(footer.subject_name or "")
    must = footer.copyright == "required"
    level: Level = "error" if must else "warning"
    params, fix = params_of(name=footer.subject_name or ""), footer.copyright_html
    is_named = not name or any(name in _squeezed(text) for text in around)
    if (must and not reserved) or (footer.copyright and not around):
        yield FooterFinding(FooterCode.COPYRIGHT_MISSING, level, params, fix)
    elif not is_named and (must or reserved):
        yield FooterFinding(FooterCode.COPYRIGHT_OTHER_NAME, level, params, fix)
    elif footer.copyright and around:
        yield FooterFinding(FooterCode.COPYRIGHT_SHOWN, "ok", params)


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("(", "（").replace(")", "）").lower()
