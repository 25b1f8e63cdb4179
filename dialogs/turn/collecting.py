"""Papers in the chat: the list with how each stands, one after the other, samples, handing in."""

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from dialogs.case import APPLICANT
from dialogs.message import Button, Reply, ReplyKind
from dialogs.turn import events
from dialogs.turn.draft import Draft
from dialogs.turn.letters import press_letter
from dialogs.turn.paper_words import (
    LETTERS,
    item_buttons,
    line_of,
    name_of,
    needs_in_short,
    say_sample,
    say_why,
    side_words,
)
from dialogs.turn.papers import (
    COLLECTING,
    PICTURE_FIELD,
    asked_for,
    collects,
    is_kept_out,
    item_of,
    papers,
    upcoming,
)
from dialogs.turn.placing import ask_which, place
from dialogs.understanding.paper_requests import PaperRequest, paper_request
from filing.event import AUTHOR, Event, EventType, Stage
from filing.materials.checklist import Item, State, is_complete
from filing.materials.material import REMOVED, Side, Verdict

_MOST_BUTTONS: Final = 8


def press_paper(draft: Draft, rest: str) -> None:
    """A button about papers: the list, an item and what can be done about it, handing in."""
    what, _, key = rest.partition(":")
    if not collects(draft):
        say_not_now(draft)
    elif what == "list":
        say_list(draft)
    elif what == "next":
        _put_off(draft, key)
        ask_next(draft)
    elif what == "submit":
        submit(draft)
    elif what == "none":
        _let_go(draft)
    else:
        item = item_of(draft, key)
        if item is None:
            draft.notice("message.stale_button")
            return
        _act(draft, what, item)


def _act(draft: Draft, what: str, item: Item) -> None:
    draft.ask_after = False
    match what:
        case "upload" | "item":
            choose(draft, item)
        case "sample":
            _mind(draft, item)
            say_sample(draft, item)
        case "why":
            _mind(draft, item)
            say_why(draft, item)
        case "remove":
            remove(draft, item)
        case "place":
            place(draft, item)
        case "whole" | "front" | "back":
            place(draft, item, Side(what))
        case _:
            draft.notice("message.stale_button")


def hear_letter_of_paper(draft: Draft, text: str) -> bool:
    """Hand out the letter of the paper asked for, to who says no more than 模板."""
    if not _is_asked(draft) or not collects(draft):
        return False
    request = paper_request(text, has_picture=False, asked=True)
    item = asked_for(draft)
    if request is None or request.kind != "letter" or item is None:
        return False
    press_letter(draft, item.slot.kind)
    return True


def hear_paper(draft: Draft, text: str) -> bool:
    """Take a text that is about papers; False leaves it to the others."""
    attention = draft.attention
    request = paper_request(
        text,
        has_picture=bool(attention.loose),
        asked=_is_asked(draft),
        of_side=bool(attention.loose) and attention.side_of is not None,
    )
    if request is None or draft.case.filing is None:
        return False
    if not collects(draft):
        if request.kind != "list" or not draft.is_handed_in:
            return False
        say_not_now(draft)
        return True
    return _hear(draft, request)


def _hear(draft: Draft, request: PaperRequest) -> bool:
    if request.kind == "list":
        say_list(draft)
        return True
    if request.kind == "next":
        _put_off(draft, "")
        ask_next(draft)
        return True
    if request.kind == "submit":
        if draft.stage.stage is not Stage.MATERIALS or not is_complete(papers(draft)):
            return False
        submit(draft)
        return True
    if request.kind in tuple(Side):
        card = item_of(draft, draft.attention.side_of or "")
        if card is None:
            return False
        _act(draft, request.kind, card)
        return True
    item = _named(draft, request)
    if item is None:
        return False
    # While it is asked which side of a card a picture shows, "another licence" is no answer.
    is_it = request.names or draft.attention.side_of is None
    if draft.attention.loose and request.kind == "upload" and is_it:
        draft.ask_after = False
        place(draft, item)
    else:
        _act(draft, request.kind, item)
    return True


def _named(draft: Draft, request: PaperRequest) -> Item | None:
    """The paper a text names; the one asked for where it names none."""
    items = papers(draft)
    if request.paper is None:
        if request.kind != "remove":
            return asked_for(draft)
        here = [one for one in items if one.current]
        return max(here, key=lambda one: one.current[-1].at, default=None)
    of_kind = [item for item in items if item.slot.kind is request.paper]
    fitting = [item for item in of_kind if item.slot.whose == request.whose] or of_kind
    return next((item for item in fitting if item.is_open), fitting[0] if fitting else None)


def _is_asked(draft: Draft) -> bool:
    """Whether a paper is what the applicant has before their eyes, and not a question."""
    return draft.open_step is None and draft.attention.paper is not None


# ---- the list


def say_list(draft: Draft) -> None:
    """Every paper and how it stands, with a way to each that is open."""
    items = papers(draft)
    if not items:
        draft.say(ReplyKind.ANSWER, "material.list_unknown")
        return
    required = [item for item in items if item.required]
    left = [item for item in items if item.is_open]
    buttons = [
        Button(name_of(draft, item), f"paper:item:{item.slot.key}") for item in left[:_MOST_BUTTONS]
    ]
    draft.say(
        ReplyKind.ANSWER,
        "material.list",
        lines="\n".join(line_of(draft, item) for item in items),
        total=len(required),
        left=sum(item.is_open for item in required),
        is_draft=draft.is_open,
        answers=draft.journey.remaining if draft.is_open else 0,
        is_handed=draft.stage.when(EventType.MATERIALS_SUBMITTED) is not None,
        buttons=(*buttons, *_submit_button(draft, items)),
    )
    if draft.open_step is None:
        draft.ask_after = False


def say_not_now(draft: Draft) -> None:
    """Why no papers are taken now."""
    draft.ask_after = draft.is_open
    reason = "not_yet" if draft.stage.stage in COLLECTING else "done"
    draft.say(
        ReplyKind.ANSWER,
        f"material.{reason}",
        stage=draft.text(f"stage.name.{draft.stage.stage.value}"),
        buttons=(draft.button("cmd:handover", "person"),),
    )


# ---- one after the other


def ask_next(draft: Draft) -> None:
    """Ask for the next paper, or say that all are there."""
    draft.ask_after = False
    items = papers(draft)
    if draft.attention.loose:
        ask_which(draft)
        return
    item = upcoming(draft, items)
    if item is not None:
        ask_for(draft, item)
        return
    draft.attend(paper=None, passed=())
    say_all_there(draft, items)


def say_all_there(draft: Draft, items: tuple[Item, ...]) -> None:
    """That nothing is missing, and what comes next: handing in, where that is due."""
    advised = [item for item in items if not item.required and item.is_open]
    draft.say(
        ReplyKind.QUESTION if _submit_button(draft, items) else ReplyKind.NOTICE,
        "material.all_there",
        is_due=bool(_submit_button(draft, items)),
        is_draft=draft.is_open,
        is_handed=draft.stage.when(EventType.MATERIALS_SUBMITTED) is not None,
        advised=draft.text("message.comma").join(name_of(draft, item) for item in advised),
        buttons=(
            *_submit_button(draft, items),
            *(Button(name_of(draft, one), f"paper:item:{one.slot.key}") for one in advised),
            draft.button("paper:list", "paper_list"),
        ),
    )


def choose(draft: Draft, item: Item) -> None:
    """Ask for a paper the applicant chose."""
    passed = tuple(key for key in draft.attention.passed if key != item.slot.key)
    draft.attend(passed=passed)
    ask_for(draft, item)


def ask_for(draft: Draft, item: Item) -> None:
    """Ask for one paper: what it must be, in short, and the ways to send it."""
    _mind(draft, item)
    items = papers(draft)
    required = [one for one in items if one.required]
    buttons = item_buttons(draft, item)
    if draft.stage.stage is Stage.MATERIALS and sum(one.is_open for one in required) > 1:
        buttons = (*buttons, draft.button(f"paper:next:{item.slot.key}", "paper_later"))
    kept_out = is_kept_out(draft, item.slot)
    text = draft.text(
        "material.ask",
        position=items.index(item) + 1,
        total=len(items),
        name=name_of(draft, item),
        needs=needs_in_short(draft, item),
        documents=draft.text("message.comma").join(item.documents),
        any_of=",".join(item.any_of) if len(item.any_of) > 1 else "",
        lacks=draft.text("message.comma").join(side_words(draft, one) for one in item.lacks),
        pieces=len(item.current) if item.several and len(item.documents) > 1 else 0,
        wanted=len(item.documents),
        is_letter=item.slot.kind in LETTERS,
        is_here=bool(item.current) and item.state is not State.MISSING,
        is_kept_out=kept_out,
        has_forms=draft.world.has_forms,
    )
    if kept_out:  # the form's own button opens it
        buttons = tuple(one for one in buttons if not one.value.startswith("paper:upload:"))
    form = (f"{PICTURE_FIELD}{item.slot.key}",) if kept_out and draft.world.has_forms else ()
    draft.replies.append(Reply(ReplyKind.QUESTION, text, buttons, form=form))


def _mind(draft: Draft, item: Item) -> None:
    draft.attend(paper=item.slot.key)


def _put_off(draft: Draft, key: str) -> None:
    """Leave a paper for later."""
    asked = key or draft.attention.paper
    if asked and asked not in draft.attention.passed:
        draft.attend(passed=(*draft.attention.passed, asked))
    draft.attend(paper=None)


def remove(draft: Draft, item: Item) -> None:
    """Take back what was sent for a paper: none of it counts any more, and its pictures go."""
    if not item.current:
        draft.notice("material.nothing_here", name=name_of(draft, item))
        return
    draft.judge(*(Verdict(one.id, False, draft.now, APPLICANT, REMOVED) for one in item.versions))
    draft.let_go({one.id for one in item.versions})
    draft.say(
        ReplyKind.NOTICE,
        "material.removed",
        name=name_of(draft, item),
        buttons=item_buttons(draft, replace(item, current=())),
    )
    _mind(draft, item)


def _let_go(draft: Draft) -> None:
    """Forget a picture that is no paper of this filing."""
    if not draft.attention.loose:
        draft.notice("message.stale_button")
        return
    draft.attend(loose=draft.attention.loose[1:], side_of=None)
    draft.notice("material.let_go")
    if draft.attention.loose:
        ask_which(draft)


# ---- handing in


def submit(draft: Draft) -> None:
    """Record that the papers are handed in, where nothing is missing."""
    items = papers(draft)
    if draft.stage.stage is not Stage.MATERIALS:
        say_list(draft)
        return
    if draft.stage.when(EventType.MATERIALS_SUBMITTED) is not None:
        draft.notice("material.handed_in_already")
        draft.ask_after = False
        return
    if not is_complete(items):
        draft.notice("material.still_missing")
        ask_next(draft)
        return
    draft.attend(paper=None, passed=(), loose=(), side_of=None)
    data = MappingProxyType({AUTHOR: APPLICANT})
    events.take(draft, Event(EventType.MATERIALS_SUBMITTED, draft.now, data))
    draft.ask_after = False


def _submit_button(draft: Draft, items: tuple[Item, ...]) -> tuple[Button, ...]:
    is_due = (
        draft.stage.stage is Stage.MATERIALS
        and draft.stage.when(EventType.MATERIALS_SUBMITTED) is None
        and is_complete(items)
    )
    return (draft.button("paper:submit", "paper_submit"),) if is_due else ()
