"""What is told of joined channels: to who wished it, and on the person's other channels."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dialogs.case import Case
from dialogs.linking import Linked, LinkWay, number_of
from dialogs.message import Button, Identity, OutgoingFile, ReplyKind
from dialogs.pictures import QrPicture
from dialogs.turn.draft import Draft, TurnResult
from dialogs.turn.linking import PENDING, name_of, where
from dialogs.turn.taking import finish
from dialogs.world import World


def take_link(result: TurnResult, done: Linked, now: datetime, world: World) -> TurnResult:
    """The turn with what came of its wish about channels, told to who wished it."""
    case = result.case
    draft = Draft(case, world, now, _no_id)
    match done.how:
        case "opened":
            _tell_code(draft, done)
        case "waits":
            draft.notice("link.waits", where=where(draft, done.other), number=number_of(done.id))
        case "joined":
            draft.notice("link.joined", name=name_of(draft, done.user))
        case "unlinked":
            here = done.user == case.identity
            draft.notice(
                "link.parted_here" if here else "link.parted", name=name_of(draft, done.user)
            )
        case "too_early":
            again = (draft.button(f"link:move:{done.code}", "move"),)
            draft.say(ReplyKind.NOTICE, "link.too_early", buttons=again)
        case _:
            draft.notice(f"link.{done.how}")
    if case.attention.seen_at is None:  # no conversation of their own has begun here
        return replace(result, replies=tuple(draft.replies))
    return replace(result, replies=(*result.replies, *draft.replies))


def tell_link(case: Case, done: Linked, now: datetime, world: World) -> TurnResult:
    """Tell somebody what was done on another channel of theirs, or with their code."""
    draft = Draft(case, world, now, _no_id, by_staff=True)  # whoever has the conversation
    draft.ask_after = False
    name = name_of(draft, done.user)
    match done.how:
        case "waits":
            if draft.attention.pending is None:
                draft.attend(pending=f"{PENDING}{done.id}")
            draft.say(
                ReplyKind.QUESTION,
                "link.ask_owner",
                name=name,
                number=number_of(done.id),
                filings=done.filings,
                is_abroad=done.user is not None and done.user.channel in world.abroad_channels,
                buttons=(
                    draft.button(f"link:yes:{done.id}", "link_yes"),
                    draft.button(f"link:no:{done.id}", "link_no"),
                ),
            )
        case "foreign":
            draft.notice("link.misused", name=name)
        case "joined":
            draft.notice("link.welcome", where=where(draft, _elsewhere(case)))
            draft.ask_after = draft.open_step is not None and case.hold is None
            if draft.ask_after:
                finish(draft)
        case "refused":
            draft.notice("link.was_refused")
        case "unlinked":
            draft.notice("link.left", name=name)
    return draft.result()


def _tell_code(draft: Draft, done: Linked) -> None:
    """The code, a button for every channel that an address opens, and QR codes for the phone."""
    here = draft.case.identity.channel  # an address of this very channel would lead back here
    linked = [way for way in done.ways if way.url and way.channel != here]
    typed = [draft.text(f"link.to_{way.channel}") for way in done.ways if way not in linked]
    buttons = tuple(
        Button(
            draft.text("button.go_on", where=draft.text(f"link.to_{way.channel}")), "go_on", way.url
        )
        for way in linked
    )
    codes = _codes(draft, done.ways)
    draft.say(
        ReplyKind.NOTICE,
        "link.opened",
        code="-".join(done.code[place : place + 3] for place in (0, 3, 6)),
        typed=draft.text("message.comma").join(typed),
        has_links=bool(buttons),
        has_codes=bool(codes),
        buttons=buttons,
    )
    draft.replies[-1] = replace(draft.replies[-1], files=codes)


def _codes(draft: Draft, ways: Sequence[LinkWay]) -> tuple[OutgoingFile, ...]:
    """What the phone scans off a page: of the channel named, else of WeChat."""
    if draft.case.identity.channel != "web":
        return ()
    shown = [way for way in ways if way.scan and (len(ways) == 1 or way.channel == "wechat")]
    found = []
    for way in shown:
        name = where(draft, Identity(way.channel, ""))
        picture = QrPicture(
            way.scan, draft.text("link.qr_title", where=name), draft.text("link.qr")
        )
        alt = draft.text("link.qr_alt", where=name)
        found.append(OutgoingFile(f"{way.channel}.png", picture=picture, alt=alt))
    return tuple(found)


def _elsewhere(case: Case) -> Identity | None:
    """Where the applicant wrote before they came here."""
    if case.last_on is not None and case.last_on != case.identity:
        return case.last_on
    return case.linked[0] if case.linked else None


def _no_id() -> str:
    raise LookupError("a word about channels never begins a filing")
