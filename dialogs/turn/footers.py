"""The filing number at the bottom of the home page: how to write it, and whether it is right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from dialogs.case import APPLICANT, Attention, Case
from dialogs.footer_words import Said, say_finding
from dialogs.message import Button, OutgoingFile, ReplyKind
from dialogs.pictures import FooterPicture
from dialogs.ports import PageRefused
from dialogs.turn.draft import Draft, TurnResult, WantedPage
from dialogs.understanding.footer_requests import FooterRequest
from dialogs.world import World
from filing.event import AUTHOR, Event, EventType, Stage
from filing.filing_number import FilingNumber, parse_filing_number
from filing.footer import Footer, FooterFinding, footer_for
from filing.footer_check import check_footer, is_right
from filing.identifiers.domain import parse_domain
from filing.page import Page
from filing.police_number import PoliceNumber, parse_police_number

FOOTER_CHECK: Final = "footer_check"
"""Author of an event that a look at the home page told."""

_POLICE: Final = "police_"
_E: Final = EventType


def press_footer(draft: Draft, what: str) -> None:
    """A button about the footer: show, check, done, where, or a framework's name."""
    if _footer(draft) is None:
        say_not_yet(draft)
        return
    match what.partition(":"):
        case ("check", _, address):
            want_check(draft, FooterRequest("check", address))
        case ("done", _, _):
            done(draft)
        case ("where", _, ""):
            offer_frameworks(draft)
        case ("where", _, framework):
            show_framework(draft, framework)
        case _:
            show_footer(draft)


def hear_footer(draft: Draft, request: FooterRequest) -> bool:
    """Do what a message wants of the footer; False if it is not about a footer after all.

    While the form is open, addresses and pasted text are answers to it.
    """
    if _footer(draft) is None:
        if draft.case.filing is None or request.address or request.html or request.kind == "show":
            return False
        say_not_yet(draft)
    elif request.kind == "check":
        want_check(draft, request)
    elif (framework := _framework_in(draft, request.words)) is not None:
        show_framework(draft, framework)
    else:
        show_footer(draft)
    return True


def _framework_in(draft: Draft, words: str) -> str | None:
    """The kind of website somebody names who asks where the number goes."""
    texts = draft.world.wording.texts("framework", draft.case.locale)
    keys = (key.split(".")[1] for key in texts if key.endswith(".name"))
    return next((key for key in keys if key.isascii() and key in words and key != "other"), None)


_LABELS: Final = {
    "footer_show": "show",
    "footer_where": "where",
    "footer_check": "check",
    "footer_again": "check",
    "footer_done": "done",
    "footer_looked": "done",
}


def hear_label(draft: Draft, text: str) -> bool:
    """Take the words of one of these buttons, typed; False if it is something else."""
    if draft.stage.stage is not Stage.APPROVED:
        return False
    said = text.strip()
    what = next(
        (value for name, value in _LABELS.items() if said == draft.text(f"button.{name}")), None
    )
    if what is None or _footer(draft) is None:
        return False
    press_footer(draft, what)
    return True


def say_not_yet(draft: Draft) -> None:
    """There is no number yet, or nobody told it."""
    approved = draft.stage.stage is Stage.APPROVED
    draft.say(ReplyKind.ANSWER, "footer.no_number" if approved else "footer.not_yet")


# ---- how to write it


def show_footer(draft: Draft) -> None:
    """Which number, where, with which link; the HTML as text and file; a picture of it."""
    footer = _footer(draft)
    assert footer is not None
    draft.say(
        ReplyKind.ANSWER,
        "footer.how",
        number=footer.number.full,
        by_website=footer.by_website,
        lacks_suffix=footer.lacks_suffix,
        province=draft.world.wording.label("province", footer.province or "", draft.case.locale),
        link=footer.link,
        copyright=footer.copyright,
        name=footer.subject_name or "",
        police=footer.police.full if footer.police is not None else "",
        html=footer.html,
        rule=draft.ground.rule,
        buttons=(
            draft.button("footer:where", "footer_where"),
            draft.button("footer:check", "footer_check"),
            draft.button("footer:done", "footer_done"),
        ),
    )
    _attach(draft, _html_file(footer), picture_of(draft, footer))
    draft.ask_after = False


def offer_frameworks(draft: Draft) -> None:
    """Ask what the website was built with."""
    names = [
        Button(text, f"footer:where:{key.split('.')[1]}")
        for key, text in draft.world.wording.texts("framework", draft.case.locale).items()
        if key.endswith(".name")
    ]
    draft.say(ReplyKind.QUESTION, "footer.built_with", buttons=tuple(names))
    draft.ask_after = False


def show_framework(draft: Draft, framework: str) -> None:
    """Where the HTML goes in a website built with this."""
    footer = _footer(draft)
    assert footer is not None
    if not draft.world.wording.has(f"framework.{framework}.how", draft.case.locale):
        offer_frameworks(draft)
        return
    draft.say(
        ReplyKind.ANSWER,
        f"framework.{framework}.how",
        number=footer.number.full,
        link=footer.link,
        buttons=(
            draft.button("footer:check", "footer_check"),
            draft.button("footer:done", "footer_done"),
            draft.button("cmd:handover", "person"),
        ),
    )
    _attach(draft, _html_file(footer))
    draft.ask_after = False


def picture_of(draft: Draft, footer: Footer) -> OutgoingFile:
    """How the bottom of this applicant's own page should look."""
    website = draft.filing.website
    name = footer.subject_name or ""
    police = (footer.police.full,) if footer.police is not None else ()
    return OutgoingFile(
        draft.text("footer.picture_file"),
        picture=FooterPicture(
            address=f"https://www.{website.domain}" if website.domain else "https://",
            heading=website.name or website.domain or "",
            numbers=(footer.number.full, *police),
            lines=(f"版权所有 © {name}",) if footer.copyright == "required" and name else (),
            note=draft.text("footer.picture_note", link=footer.link),
        ),
        alt=draft.text("footer.picture_alt", number=footer.number.full),
    )


def _html_file(footer: Footer) -> OutgoingFile:
    return OutgoingFile("footer.html", text=footer.html + "\n")


def _attach(draft: Draft, *files: OutgoingFile) -> None:
    last = draft.replies[-1]
    draft.replies[-1] = replace(last, files=(*last.files, *files))


# ---- looking at it


def want_check(draft: Draft, request: FooterRequest) -> None:
    """Have the page looked at: one pasted, one named, or that of the filed domain."""
    address = request.address or draft.filing.website.domain or ""
    if not request.html and not address:
        draft.say(ReplyKind.QUESTION, "footer.which_page")
    else:
        draft.wanted_page = WantedPage(request.html or address, pasted=bool(request.html))
    draft.ask_after = False


def take_page(
    result: TurnResult, page: Page | PageRefused, now: datetime, world: World
) -> TurnResult:
    """The same turn with what was seen of the page it wanted. It stays one turn: one commit."""
    wanted = result.wanted_page
    assert wanted is not None
    draft = Draft(result.case, world, now, _no_id)
    draft.replies = list(result.replies)
    footer = _footer(draft)
    if footer is None:
        say_not_yet(draft)
    elif isinstance(page, PageRefused):
        _say_refused(draft, page, wanted)
    else:
        _say_seen(draft, check_footer(page, footer), footer, wanted)
    return replace(
        result,
        case=replace(draft.case, attention=draft.attention),
        replies=tuple(draft.replies),
        wanted_page=None,
    )


def say_looking(result: TurnResult, now: datetime, world: World) -> TurnResult:
    """The same turn with word that the page is being looked at; what was seen comes later."""
    wanted = result.wanted_page
    assert wanted is not None
    draft = Draft(result.case, world, now, _no_id)
    draft.replies = list(result.replies)
    draft.notice("footer.looking", address="" if wanted.pasted else wanted.source)
    return replace(result, replies=tuple(draft.replies))


def tell_page(
    case: Case,
    filing_id: str,
    wanted: WantedPage,
    page: Page | PageRefused,
    now: datetime,
    world: World,
) -> TurnResult:
    """What was seen of a page, told in a turn of its own; the applicant stays where they are."""
    aside = replace(case, active=filing_id, version=case.version + 1)
    result = take_page(TurnResult(aside, (), wanted_page=wanted), page, now, world)
    return replace(result, case=replace(result.case, active=case.active))


def _say_refused(draft: Draft, refused: PageRefused, wanted: WantedPage) -> None:
    again = () if wanted.pasted else (draft.button(_again(wanted), "footer_again"),)
    draft.say(
        ReplyKind.ANSWER,
        f"footer.fetch.{refused.code}",
        **refused.params,
        buttons=(*again, draft.button("footer:show", "footer_show")),
    )


def _say_seen(
    draft: Draft, findings: tuple[FooterFinding, ...], footer: Footer, wanted: WantedPage
) -> None:
    said = [say_finding(one, draft.world.wording, draft.case.locale) for one in findings]
    is_own = not wanted.pasted and _is_filed_domain(draft, wanted.source)
    variables = {
        "address": "" if wanted.pasted else wanted.source,
        "is_pasted": wanted.pasted,
        "is_other_domain": not wanted.pasted and not is_own,
        "domain": draft.filing.website.domain or "",
    }
    noted = _note(draft, findings) if is_own else ()
    if not is_right(findings):
        wrong = [one for one in said if one.level == "error"]
        advice = [f"· {one.message}" for one in said if one.level == "warning"]
        draft.say(
            ReplyKind.ANSWER,
            "footer.checked_wrong",
            count=len(wrong),
            lines="\n".join((_numbered(wrong), *advice)),
            **variables,
            buttons=(
                *(() if wanted.pasted else (draft.button(_again(wanted), "footer_again"),)),
                draft.button("footer:where", "footer_where"),
                draft.button("footer:done", "footer_looked"),
                draft.button("cmd:handover", "person"),
            ),
        )
        _attach(draft, _html_file(footer), picture_of(draft, footer))
        return
    draft.say(
        ReplyKind.ANSWER,
        "footer.checked_right",
        lines="\n".join(f"{_MARKS[one.level]} {one.message}" for one in said),
        is_noted=bool(noted),
        **variables,
        buttons=ways_after(draft),
    )


_MARKS: Final = {"ok": "✓", "warning": "·", "error": "✗"}


def _numbered(said: Sequence[Said]) -> str:
    return "\n".join(f"{place}. {one.message}" for place, one in enumerate(said, start=1))


def _again(wanted: WantedPage) -> str:
    return f"footer:check:{wanted.source}"


def _is_filed_domain(draft: Draft, address: str) -> bool:
    return parse_domain(address) == draft.filing.website.domain


def _note(draft: Draft, findings: tuple[FooterFinding, ...]) -> tuple[EventType, ...]:
    """Record what the page shows rightly, if it is news; which events that were."""
    news = tuple(one for one in _shown(findings) if draft.stage.when(one) is None)
    for one in news:
        draft.happen(Event(one, draft.now, MappingProxyType({AUTHOR: FOOTER_CHECK})))
    return news


def _shown(findings: tuple[FooterFinding, ...]) -> tuple[EventType, ...]:
    """What the page shows rightly: the filing number and what goes with it, the police's number."""
    numbers = [one for one in findings if not _is_police(one)]
    police = [one for one in findings if _is_police(one)]
    shown = [EventType.FOOTER_DISPLAYED] if is_right(tuple(numbers)) else []
    if police and is_right(tuple(police)):
        shown.append(EventType.POLICE_NUMBER_DISPLAYED)
    return tuple(shown)


def _lost(draft: Draft, findings: tuple[FooterFinding, ...]) -> tuple[FooterFinding, ...]:
    """What is wrong now and was right before."""

    def was_right(one: FooterFinding) -> bool:
        event = _E.POLICE_NUMBER_DISPLAYED if _is_police(one) else _E.FOOTER_DISPLAYED
        return draft.stage.when(event) is not None

    return tuple(one for one in findings if one.level == "error" and was_right(one))


def _is_police(finding: FooterFinding) -> bool:
    return finding.code.value.startswith(_POLICE)


def done(draft: Draft) -> None:
    """The applicant's word that the page shows the number."""
    if draft.stage.when(EventType.FOOTER_DISPLAYED) is None:
        by = MappingProxyType({AUTHOR: APPLICANT})
        draft.happen(Event(EventType.FOOTER_DISPLAYED, draft.now, by))
    draft.say(ReplyKind.NOTICE, "footer.noted", buttons=ways_after(draft))
    draft.ask_after = False


def ways_after(draft: Draft) -> tuple[Button, ...]:
    """What may come after a look at the footer."""
    if draft.stage.when(EventType.POLICE_FILED) is None:
        return (draft.button("guide:police_filing", "guide_police"),)
    return (draft.button("cmd:status", "status"),)


def page_to_recheck(case: Case, filing_id: str, now: datetime, world: World) -> WantedPage | None:
    """The page of an approved filing to look at unasked; None if it has no number to look for."""
    draft = _aside(case, filing_id, now, world)
    domain = draft.filing.website.domain
    return WantedPage(domain) if domain and _footer(draft) is not None else None


def recheck(
    case: Case, filing_id: str, page: Page, now: datetime, world: World
) -> TurnResult | None:
    """What a look nobody asked for found; None if it is no news.

    News is a footer that has become right, or one that was right and no longer is; of the
    latter nobody is told twice within a week.
    """
    draft = _aside(case, filing_id, now, world)
    footer = _footer(draft)
    if footer is None:
        return None
    findings = check_footer(page, footer)
    domain = draft.filing.website.domain or ""
    warned = case.attention.footer_warned_at
    lost = _lost(draft, findings)
    if news := _note(draft, findings):
        has_police = EventType.POLICE_NUMBER_DISPLAYED in news
        draft.say(ReplyKind.NOTICE, "footer.seen_right", domain=domain, has_police=has_police)
    elif lost and (warned is None or now - warned >= _WARN_AGAIN):
        said = [say_finding(one, world.wording, draft.case.locale) for one in lost]
        draft.say(
            ReplyKind.NOTICE,
            "footer.no_longer_right",
            domain=domain,
            lines=_numbered(said),
            buttons=(draft.button(f"footer:check:{domain}", "footer_again"),),
        )
        _attach(draft, _html_file(footer))
        case = replace(case, attention=replace(case.attention, footer_warned_at=now))
    else:
        return None
    result = draft.result()
    return replace(result, case=replace(result.case, active=case.active, attention=case.attention))


_WARN_AGAIN: Final = timedelta(days=7)


def _aside(case: Case, filing_id: str, now: datetime, world: World) -> Draft:
    """A look at one filing that leaves the applicant where they are."""
    return Draft(replace(case, active=filing_id, attention=Attention()), world, now, _no_id)


def _footer(draft: Draft) -> Footer | None:
    """What this filing's page has to show; None before there is a number."""
    state = draft.stage
    if draft.case.filing is None or state.stage is not Stage.APPROVED:
        return None
    number = parse_filing_number(state.filing_number or "")
    if not isinstance(number, FilingNumber):
        return None
    filed = [one for one in state.accepted if one.type is EventType.POLICE_FILED]
    police = parse_police_number(filed[-1].data.get("police_number", "")) if filed else None
    return footer_for(
        number,
        draft.journey.values.get("province"),
        draft.world.rulebook,
        draft.today,
        subject_name=draft.filing.subject.name,
        police=police if isinstance(police, PoliceNumber) else None,
    )


def footer_buttons(draft: Draft) -> tuple[Button, ...]:
    """What an approved filing offers about its footer."""
    if _footer(draft) is None:
        return ()
    if draft.stage.when(EventType.FOOTER_DISPLAYED) is None:
        return (draft.button("footer:show", "footer_show"),)
    return (draft.button("footer:check", "footer_again"),)


def _no_id() -> str:
    raise LookupError("a look at a page never begins a filing")
