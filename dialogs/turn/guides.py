"""Leading through the duties after approval: step by step, or by questions whether they apply."""

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from dialogs.after_approval import GUIDES, QUESTIONNAIRES, Guide, Questionnaire
from dialogs.case import APPLICANT
from dialogs.due import deadlines_in
from dialogs.message import Button, Citation, Reply, ReplyKind
from dialogs.turn.draft import Draft
from dialogs.turn.footers import footer_buttons
from dialogs.vocabulary import read as read_word
from dialogs.world import day_of
from filing.correcting import standing
from filing.deadline import Deadline
from filing.event import AUTHOR, Event, EventType, Stage
from filing.subject import SubjectKind

PENDING: Final = "guide:"
"""How a guide or a question stands in ``Attention.pending``."""

_NEXT: Final = "next"


def press_guide(draft: Draft, rest: str) -> None:
    """A button of the guides: the list, a guide at a step, a questionnaire after some answers."""
    draft.ask_after = False
    draft.attend(pending=None)
    if draft.stage.stage is not Stage.APPROVED:
        draft.notice("guide.not_yet")
        return
    key, _, where = rest.partition(":")
    if key in GUIDES:
        _walk(draft, GUIDES[key], where)
    elif key in QUESTIONNAIRES:
        _ask(draft, QUESTIONNAIRES[key], where)
    else:
        show_list(draft)


def hear_guide(draft: Draft, text: str) -> bool:
    """Take a text that goes on with what is open: yes, no or next; or the words of a button."""
    said = text.strip().rstrip("。.!！")
    if draft.stage.stage is Stage.APPROVED:
        for name, what in _LABELS.items():
            if said == draft.text(f"button.{name}"):
                press_guide(draft, what)
                return True
    pending = draft.attention.pending or ""
    if not pending.startswith(PENDING):
        return False
    key, _, where = pending.removeprefix(PENDING).partition(":")
    if key in QUESTIONNAIRES:
        read = read_word("yes_no", said)
        if read is None:
            return False
        press_guide(draft, f"{key}:{where}{'y' if read == 'yes' else 'n'}")
        return True
    if said.lower() in (draft.text("button.guide_next").lower(), _NEXT):
        press_guide(draft, f"{key}:{where}")
        return True
    return False


_LABELS: Final = {
    "guide_list": "list",
    "guide_police": "police_filing",
    "guide_police_number": "police_number",
    "guide_assessment": "security_assessment",
    "guide_licence": "commercial_licence",
}


def open_guide(draft: Draft) -> str:
    """The title of the guide, or questionnaire, that is being gone through; empty for none."""
    key = _open_key(draft)
    return draft.text(f"guide.{key}.title") if key else ""


def resume_guide(draft: Draft) -> None:
    """Go on where a question in passing broke in: the same step, or question, again."""
    key = _open_key(draft)
    _, _, where = (draft.attention.pending or "").removeprefix(PENDING).partition(":")
    if key in GUIDES:
        _walk(draft, GUIDES[key], str(max(0, int(where) - 1)) if where.isdecimal() else "0")
    elif key in QUESTIONNAIRES:
        _ask(draft, QUESTIONNAIRES[key], where)


def _open_key(draft: Draft) -> str:
    pending = draft.attention.pending or ""
    key = pending.removeprefix(PENDING).partition(":")[0] if pending.startswith(PENDING) else ""
    return key if key in GUIDES or key in QUESTIONNAIRES else ""


def guide_buttons(draft: Draft) -> tuple[Button, ...]:
    """What an approved filing offers about its duties."""
    police = _police_button(draft) if draft.stage.when(EventType.POLICE_FILED) else ()
    return (*police, draft.button("guide:list", "guide_list"))


# ---- the list


def show_list(draft: Draft) -> None:
    """Every duty of an approved filing, with how it stands, and the ways into it."""
    draft.say(
        ReplyKind.ANSWER,
        "guide.list",
        footer=_standing(draft, EventType.FOOTER_DISPLAYED, "footer_number"),
        police=_standing(draft, EventType.POLICE_FILED, "public_security_filing"),
        number=_standing(draft, EventType.POLICE_NUMBER_DISPLAYED, "public_security_number"),
        assessment=_found(draft, "security_assessment"),
        licence=_found(draft, "commercial_licence"),
        domain_until=_until(draft, "domain_expiry"),
        server_until=_until(draft, "server_expiry"),
        rule=draft.ground.rule,
        buttons=(
            *footer_buttons(draft),
            *_police_button(draft),
            draft.button("guide:security_assessment", "guide_assessment"),
            draft.button("guide:commercial_licence", "guide_licence"),
        ),
    )


def _police_button(draft: Draft) -> tuple[Button, ...]:
    if draft.stage.when(EventType.POLICE_FILED) is None:
        return (draft.button("guide:police_filing", "guide_police"),)
    if draft.stage.when(EventType.POLICE_NUMBER_DISPLAYED) is None:
        return (draft.button("guide:police_number", "guide_police_number"),)
    return ()


def _standing(draft: Draft, ends: EventType, deadline: str) -> str:
    at = draft.stage.when(ends)
    if at is not None:
        return draft.text("guide.done_on", day=day_of(at).isoformat())
    running = _running(draft, deadline)
    if running is None:
        return draft.text("guide.open")
    day = day_of(running.due_at)
    if running.provisional and day == day_of(running.starts_at):
        return draft.text("guide.open_on_opening")
    return draft.text("guide.open_until", day=day.isoformat())


def _until(draft: Draft, kind: str) -> str:
    running = _running(draft, kind)
    return day_of(running.due_at).isoformat() if running is not None else ""


def _running(draft: Draft, kind: str) -> Deadline | None:
    found = deadlines_in(draft.case, draft.now, draft.world, values=draft.journey.values)
    return next((one for one in found if one.open and one.kind.key == kind), None)


def _found(draft: Draft, key: str) -> str:
    """What a questionnaire came to, the last time it was answered."""
    filing = draft.case.filing
    told = [
        event.data["what"].partition(":")[2]
        for event in standing(filing.events if filing is not None else ())
        if event.type is EventType.DUTY_DONE and event.data["what"].startswith(f"{key}:")
    ]
    return draft.text(f"guide.{told[-1]}") if told else draft.text("guide.not_asked")


# ---- a guide


def _walk(draft: Draft, guide: Guide, where: str) -> None:
    """One step; the first one also says by when."""
    place = int(where) if where.isdecimal() else 0
    if place >= len(guide.steps):
        place = len(guide.steps) - 1
    is_last = place + 1 == len(guide.steps)
    draft.attend(pending=f"{PENDING}{guide.key}:{place + 1}")
    ahead = () if is_last else (draft.button(f"guide:{guide.key}:{place + 1}", "guide_next"),)
    back = () if place == 0 else (draft.button(f"guide:{guide.key}:{place - 1}", "back"),)
    done = Button(draft.text(f"guide.{guide.key}.done"), f"event:{guide.ends.value}")
    running = _running(draft, guide.deadline)
    _say(
        draft,
        guide.rule,
        "guide.step",
        position=place + 1,
        total=len(guide.steps),
        title=draft.text(f"guide.{guide.key}.title"),
        until=day_of(running.due_at).isoformat() if running is not None and place == 0 else "",
        is_provisional=running is not None and running.provisional,
        text=draft.text(f"guide.{guide.key}.{guide.steps[place]}", **_variables(draft)),
        buttons=(*ahead, *back, done, draft.button("cmd:handover", "person")),
        cite=place == 0,
    )


def _variables(draft: Draft) -> dict[str, object]:
    filing = draft.filing
    return {
        "is_individual": filing.subject.kind is SubjectKind.INDIVIDUAL,
        "domain": filing.website.domain or "",
        "name": filing.website.name or "",
        "ips": "、".join(filing.website.ips),
        "provider": draft.world.provider.full_name(draft.case.locale),
        "number": draft.stage.filing_number or "",
        "rule": draft.ground.rule,
    }


# ---- a questionnaire


def _ask(draft: Draft, asked: Questionnaire, answers: str) -> None:
    """The next question, or what the answers come to."""
    answers = "".join(one for one in answers if one in "yn")
    applies = asked.verdict(answers)
    if applies is not None:
        _conclude(draft, asked, applies=applies)
        return
    draft.attend(pending=f"{PENDING}{asked.key}:{answers}")
    draft.say(
        ReplyKind.QUESTION,
        "guide.question",
        position=len(answers) + 1,
        total=len(asked.questions),
        title=draft.text(f"guide.{asked.key}.title"),
        text=draft.text(f"guide.{asked.key}.ask.{asked.questions[len(answers)]}"),
        buttons=(
            draft.button(f"guide:{asked.key}:{answers}y", "guide_yes"),
            draft.button(f"guide:{asked.key}:{answers}n", "guide_no"),
        ),
    )


def _conclude(draft: Draft, asked: Questionnaire, *, applies: bool) -> None:
    word = "applies" if applies else "does_not_apply"
    data = {"what": f"{asked.key}:{word}", AUTHOR: APPLICANT}
    draft.happen(Event(EventType.DUTY_DONE, draft.now, MappingProxyType(data)))
    _say(
        draft,
        asked.rule,
        f"guide.{asked.key}.{word}",
        **_variables(draft),
        buttons=(draft.button("guide:list", "guide_list"), draft.button("cmd:handover", "person")),
        cite=True,
    )


def _say(
    draft: Draft,
    rule: str,
    key: str,
    /,
    *,
    buttons: tuple[Button, ...],
    cite: bool,
    **variables: object,
) -> None:
    """An answer with the source of its rule."""
    draft.say(ReplyKind.ANSWER, key, buttons=buttons, **variables)
    version = draft.world.rulebook.find(
        rule, draft.today, province=draft.journey.values.get("province")
    )
    if not cite or version is None:
        return
    source = version.source
    title = f"{source.title} {source.article}" if source.article else source.title
    reply: Reply = draft.replies[-1]
    cited = Citation(title, source.url or "", source.date or "")
    draft.replies[-1] = replace(reply, citations=(*reply.citations, cited))
