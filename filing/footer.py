"""What the bottom of a filed website's home page has to show.

Sources: 非经营性互联网信息服务备案管理办法 (信息产业部令第33号) 第十三条; the values are rules
(``footer_*`` of the rulebook), for they differ between provinces.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from html import escape
from types import MappingProxyType
from typing import Literal, TypeAlias

from filing.filing_number import FilingNumber
from filing.invalid import Param
from filing.police_number import PoliceNumber
from filing.rulebook import Rulebook

Level: TypeAlias = Literal["error", "warning", "ok"]


class FooterCode(StrEnum):
    """What can be said of a page; the wording has a sentence for each."""

    NUMBER_SHOWN = "number_shown"
    NUMBER_MISSING = "number_missing"
    NUMBER_OF_ANOTHER = "number_of_another"  # another subject's
    NUMBER_OF_ANOTHER_SITE = "number_of_another_site"  # the same subject's other website
    NUMBER_OF_OTHER_PROVINCE = "number_of_other_province"  # what was given does not fit together
    SUFFIX_MISSING = "suffix_missing"
    SUFFIX_SUPERFLUOUS = "suffix_superfluous"
    SUFFIX_UNKNOWN = "suffix_unknown"  # the website's part is to be shown, but was not told
    NUMBER_WRITTEN_WRONG = "number_written_wrong"
    NUMBER_HIDDEN = "number_hidden"
    NUMBER_IN_PICTURE = "number_in_picture"
    NUMBER_IN_COMMENT = "number_in_comment"
    SEVERAL_NUMBERS = "several_numbers"
    NOT_AT_BOTTOM = "not_at_bottom"
    SCRIPT_RENDERED = "script_rendered"
    IN_FRAME = "in_frame"
    CHARSET_WRONG = "charset_wrong"
    PAGE_CUT_SHORT = "page_cut_short"  # too long to be read whole
    LINK_RIGHT = "link_right"
    LINK_MISSING = "link_missing"
    LINK_BESIDE = "link_beside"  # on the words next to the number
    LINK_OUTDATED = "link_outdated"
    LINK_WITHOUT_SCHEME = "link_without_scheme"  # leads to a page of the site itself
    LINK_WRONG_HOST = "link_wrong_host"
    COPYRIGHT_SHOWN = "copyright_shown"
    COPYRIGHT_MISSING = "copyright_missing"
    COPYRIGHT_OTHER_NAME = "copyright_other_name"
    POLICE_SHOWN = "police_shown"
    POLICE_MISSING = "police_missing"
    POLICE_HIDDEN = "police_hidden"
    POLICE_OTHER_NUMBER = "police_other_number"
    POLICE_UNUSUAL = "police_unusual"  # not the usual fourteen digits
    POLICE_LINK_MISSING = "police_link_missing"
    POLICE_LINK_OUTDATED = "police_link_outdated"
    POLICE_LINK_WRONG = "police_link_wrong"
    POLICE_LINK_OTHER_NUMBER = "police_link_other_number"


def _nothing() -> Mapping[str, Param]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FooterFinding:
    """One thing seen. ``params`` fill its wording; ``fix`` is ready HTML where that helps."""

    code: FooterCode
    level: Level
    params: Mapping[str, Param] = field(default_factory=_nothing)
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Footer:
    """What the home page has to show.

    ``number`` is the one to display, ``filed`` the one the bureau gave. ``by_website`` tells
    that the website's own part is to be shown; it may be missing from what was told.
    ``copyright`` says whether a line with the subject's name is ``required``, ``advised`` or
    left to the site (``""``).
    """

    number: FilingNumber
    filed: FilingNumber
    link: str
    by_website: bool = True
    province: str | None = None
    outdated_hosts: tuple[str, ...] = ()
    copyright: Literal["required", "advised", ""] = ""
    subject_name: str | None = None
    police: PoliceNumber | None = None

    @property
    def lacks_suffix(self) -> bool:
        """Whether the website's part is to be shown and nobody told it."""
        return self.by_website and self.number.service is None

    @property
    def number_html(self) -> str:
        """The number with its link, ready to paste."""
        return (
            f'<a href="{escape(self.link)}" target="_blank" rel="noopener">'
            f"{escape(self.number.full)}</a>"
        )

    @property
    def copyright_html(self) -> str:
        """The line that names the subject."""
        name = escape(self.subject_name or "")
        return f"<span>版权所有 © {name}</span>" if name else ""

    @property
    def police_html(self) -> str:
        """The public security's number with its link; the badge's picture comes from there."""
        if self.police is None:
            return ""
        return (
            f'<a href="{escape(self.police.link)}" target="_blank" rel="noopener">'
            f"{escape(self.police.full)}</a>"
        )

    @property
    def html(self) -> str:
        """The whole bottom line, ready to paste."""
        rights = self.copyright_html if self.copyright == "required" else ""
        parts = [part for part in (rights, self.number_html, self.police_html) if part]
        inside = "\n  ".join(parts)
        return f'<footer style="text-align:center">\n  {inside}\n</footer>'


def footer_for(
    filed: FilingNumber,
    province: str | None,
    rulebook: Rulebook,
    on: date,
    *,
    subject_name: str | None = None,
    police: PoliceNumber | None = None,
) -> Footer:
    """What a website filed under this number has to show on a day. Raises UnknownProvince."""

    def rule(key: str) -> object:
        version = rulebook.find(key, on, province=province)
        return None if version is None else version.value

    by_website = rule("footer_number_style") != "subject_number"
    number = filed if by_website else replace(filed, service=None, sort="")
    return Footer(
        number=replace(number, as_written=""),
        filed=replace(filed, as_written=""),
        link=rulebook.at("footer_link_url", on, province=province).word,
        by_website=by_website,
        province=province,
        outdated_hosts=rulebook.at("footer_link_outdated_hosts", on, province=province).words,
        copyright=_copyright(rule("footer_copyright_required"), rule("footer_copyright")),
        subject_name=subject_name,
        police=police,
    )


def _copyright(required: object, attitude: object) -> Literal["required", "advised", ""]:
    if required is True:
        return "required"
    return "advised" if attitude in ("required", "advised") else ""


def params_of(**params: Param) -> Mapping[str, Param]:
    """What fills the wording of a finding."""
    return MappingProxyType(params)
