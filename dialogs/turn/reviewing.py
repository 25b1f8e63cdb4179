"""The review: the whole filing by the console's sections, what is still open, and handing in."""

from collections.abc import Iterator
from types import MappingProxyType

from dialogs.flow import Step
from dialogs.message import Button, Reply, ReplyKind
from dialogs.turn.asking import progress
from dialogs.turn.dates import day_words, span_words
from dialogs.turn.draft import Draft
from dialogs.turn.findings import all_findings, asks_for_papers, refusals, step_of_field
from dialogs.turn.returning import ask_to_redo
from dialogs.world import day_of
from filing.checks import Finding
from filing.event import Event, EventType
from filing.sheet import Line, sheet

_PROVINCES_DIFFER = (
    "min_age_years",
    "domain_owner_match",
    "address_rules",
    "site_name_rules",
    "commitment_letter_required",
)
"""Rules on which provinces differ so much that a missing one is worth a word."""

_SHOWN = 6


def show_sheet(draft: Draft) -> None:
    """Every answer so far, grouped; where only the confirmation is left, with that."""
    step = draft.open_step
    if step is not None and step.closes:
        draft.at_review = False
        ask_to_confirm(draft, step)
        draft.ask_after = False
        return
    _show(draft, masked=True)


def reveal(draft: Draft) -> None:
    """The same with nothing masked, for its owner; never in a chat that lies with others."""
    _show(draft, masked=draft.is_cautious)


def _show(draft: Draft, *, masked: bool) -> None:
    text = _sheet_text(draft, masked=masked)
    if not text:
        draft.notice("message.nothing_yet")
        return
    buttons = [*_reveal_buttons(draft)] if masked else []
    if draft.is_open:
        buttons.append(draft.button("cmd:edit", "edit"))
    draft.say(ReplyKind.ANSWER, "message.review", sheet=text, buttons=tuple(buttons))


def ask_to_close(draft: Draft, step: Step) -> None:
    """The last question; before it, what a return asked to redo."""
    if draft.mending.to_do:
        ask_to_redo(draft)
    else:
        ask_to_confirm(draft, step)


def ask_to_confirm(draft: Draft, step: Step) -> None:
    """The last question: the sheet, the findings still open, and "hand in".

    Where the sheet has just been shown it is not repeated.
    """
    findings = all_findings(draft)
    refused = refusals(findings)
    lines = []
    if not draft.at_review:
        lines.append(draft.text("message.review", sheet=_sheet_text(draft, masked=True)))
        lines += _say_unresearched(draft)
    lines += _say_findings(draft, findings)
    if refused:
        lines.append(draft.text("message.review_blocked"))
    else:
        lines.append(draft.text("message.still_right" if draft.at_review else "step.confirm.ask"))
    buttons: list[Button] = []
    if not refused:
        buttons.append(draft.button("answer:confirm:confirm", "confirm"))
    buttons += _edit_buttons(draft, findings[:_SHOWN])
    buttons.append(draft.button("cmd:edit", "edit"))
    if draft.at_review:
        buttons.append(draft.button("cmd:review", "review"))
    else:
        buttons += _reveal_buttons(draft)
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            "\n\n".join(lines),
            tuple(buttons),
            step=step.key,
            progress=progress(draft, step),
        )
    )


def _say_unresearched(draft: Draft) -> Iterator[str]:
    """Where nobody found a rule of the province: say so, instead of guessing one."""
    province = draft.journey.values.get("province")
    if province is None:
        return
    unknown = [
        draft.text(f"message.topic.{key}")
        for key in _PROVINCES_DIFFER
        if not draft.world.rulebook.is_researched(province, key)
    ]
    if unknown:
        topics = draft.text("message.comma").join(unknown)
        name = draft.world.wording.label("province", province, draft.case.locale)
        yield draft.text("message.unresearched", province=name, topics=topics)


def _say_findings(draft: Draft, findings: tuple[Finding, ...]) -> Iterator[str]:
    if not findings:
        return
    refused = refusals(findings)
    key = "message.review_refused" if refused else "message.review_warned"
    yield draft.text(key, count=len(refused) or len(findings))
    for number, finding in enumerate(findings[:_SHOWN], start=1):
        yield draft.text(
            "message.review_finding",
            number=number,
            mark=draft.text(f"message.mark_{finding.level}"),
            reason=draft.text(f"check.{finding.code}.reason", **finding.params),
            cure=draft.text(f"check.{finding.code}.cure", **finding.params),
        )
    if len(findings) > _SHOWN:
        yield draft.text("message.review_more", count=len(findings) - _SHOWN)


def _edit_buttons(draft: Draft, findings: tuple[Finding, ...]) -> list[Button]:
    fields = dict.fromkeys(one.field for one in findings if not asks_for_papers(one))
    steps = dict.fromkeys(step_of_field(draft, field) for field in fields)
    return [
        draft.edit_button(key)
        for key in steps
        if key is not None and key not in draft.journey.derived
    ]


def _reveal_buttons(draft: Draft) -> list[Button]:
    return [] if draft.is_cautious else [draft.button("cmd:reveal", "reveal")]


def hand_in(draft: Draft) -> None:
    """Submit for first review if all is there and nothing refuses it; else say what is not."""
    step = draft.journey.current
    if step is None or not step.closes:
        draft.notice("message.not_complete", remaining=draft.journey.remaining)
        return
    if draft.mending.to_do or refusals(all_findings(draft)):
        ask_to_close(draft, step)
        draft.ask_after = False
        return
    returned = draft.stage.returned
    draft.put(step, "confirm", remember=False)
    draft.happen(Event(EventType.SUBMITTED_FOR_FIRST_REVIEW, draft.now, MappingProxyType({})))
    draft.attend(focus=None, undo=(), redo=(), failures=0, proposal=(), aside=(), pending=None)
    filing = draft.case.filing
    assert filing is not None
    low, high = draft.world.provider.first_review_working_days
    draft.say(
        ReplyKind.NOTICE,
        "message.submitted",
        filing=filing.id,
        provider=draft.world.provider.short_name(draft.case.locale),
        span=span_words(draft, draft.now, low, high),
        attempt=draft.stage.attempt,
        sms_again=returned is not None,
        buttons=(draft.button("cmd:status", "status"),),
    )
    draft.ask_after = False


def _sheet_text(draft: Draft, *, masked: bool) -> str:
    """The sheet as plain text, a block a section; one person in two roles stands there once."""

    def label(vocabulary: str, option: str) -> str:
        return draft.text(f"choice.{vocabulary}.{option}")

    same = draft.filing.site_manager_same is True
    blocks = []
    for section in sheet(draft.filing, label).sections:
        lines = [
            draft.text(
                "message.value_line",
                label=draft.text(f"sheet.{line.label}"),
                value=_value(draft, line, masked=masked),
            )
            for line in section.lines
            if line.value and not (same and line.field.startswith("site_manager."))
        ]
        if lines:
            title = draft.text(f"sheet.{section.key}")
            blocks.append(draft.text("message.sheet_section", title=title, lines="\n".join(lines)))
    if blanked := draft.journey.blanked:
        on = day_words(draft, day_of(max(blanked.values())))
        blocks.append(draft.text("message.sheet_blanked", on=on, labels=draft.labels(blanked)))
    return "\n\n".join(blocks)


def _value(draft: Draft, line: Line, *, masked: bool) -> str:
    """A line as this applicant reads it: what can be said in their language is."""
    if line.value != line.masked:
        return line.masked if masked else line.value
    key = step_of_field(draft, line.field)
    if key is None:
        return line.value
    return draft.show(draft.flow[key], draft.journey.values[key], masked=False)
