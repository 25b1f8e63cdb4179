"""The review: the whole filing by the console's sections, what is still open, and handing in."""

from types import MappingProxyType

from dialogs.flow import Step
from dialogs.message import Button, Reply, ReplyKind
from dialogs.turn.asking import progress
from dialogs.turn.draft import Draft
from dialogs.turn.findings import all_findings, refusals, step_of_field
from filing.event import Event, EventType
from filing.sheet import sheet

_SHOWN = 6


def show_sheet(draft: Draft, *, masked: bool = True) -> None:
    """Every answer so far, grouped, with a button to change a section's lines."""
    draft.say(
        ReplyKind.ANSWER,
        "message.review",
        sheet=_sheet_text(draft, masked=masked),
        buttons=(draft.button("cmd:edit", "edit"),),
    )


def ask_to_confirm(draft: Draft, step: Step) -> None:
    """The last question: the sheet, the findings still open, and "hand in"."""
    findings = all_findings(draft)
    refused = refusals(findings)
    lines = [draft.text("message.review", sheet=_sheet_text(draft, masked=True))]
    if findings:
        key = "message.review_refused" if refused else "message.review_warned"
        lines.append(draft.text(key, count=len(refused) or len(findings)))
        for number, finding in enumerate(findings[:_SHOWN], start=1):
            reason = draft.text(f"check.{finding.code}.reason", **finding.params)
            cure = draft.text(f"check.{finding.code}.cure", **finding.params)
            mark = draft.text(f"message.mark_{finding.level}")
            lines.append(
                draft.text(
                    "message.review_finding", number=number, mark=mark, reason=reason, cure=cure
                )
            )
        if len(findings) > _SHOWN:
            lines.append(draft.text("message.review_more", count=len(findings) - _SHOWN))
    lines.append(draft.text("message.review_blocked" if refused else "step.confirm.ask"))
    buttons: list[Button] = []
    if not refused:
        buttons.append(draft.button("answer:confirm:confirm", "confirm"))
    buttons += _edit_buttons(draft, tuple(finding.field for finding in findings[:_SHOWN]))
    buttons.append(draft.button("cmd:edit", "edit"))
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            "\n\n".join(lines),
            tuple(buttons),
            step=step.key,
            progress=progress(draft, step),
        )
    )


def _edit_buttons(draft: Draft, fields: tuple[str, ...]) -> list[Button]:
    steps = dict.fromkeys(step_of_field(draft, field) for field in fields)
    return [
        draft.button(f"edit:{key}", "edit_one", label=draft.text(f"step.{key}.label"))
        for key in steps
        if key is not None and key not in draft.journey.derived
    ]


def offer_edits(draft: Draft) -> None:
    """Every answered line as a button."""
    buttons = tuple(
        Button(draft.text(f"step.{step.key}.label"), f"edit:{step.key}")
        for step in draft.journey.asked
        if step.key != "confirm"
    )
    draft.say(ReplyKind.QUESTION, "message.which_line", buttons=buttons)
    draft.ask_after = False


def hand_in(draft: Draft) -> None:
    """Submit for first review if nothing refuses it; else say again what does."""
    step = draft.flow["confirm"]
    if refusals(all_findings(draft)):
        ask_to_confirm(draft, step)
        draft.ask_after = False
        return
    draft.put(step, "confirm", remember=False)
    draft.happen(Event(EventType.SUBMITTED_FOR_FIRST_REVIEW, draft.now, MappingProxyType({})))
    draft.attend(focus=None, undo=(), redo=(), failures=0)
    filing = draft.case.filing
    assert filing is not None
    low, high = draft.world.provider.first_review_working_days
    draft.say(
        ReplyKind.NOTICE,
        "message.submitted",
        filing=filing.id,
        provider=draft.world.provider.short_name(draft.case.locale),
        low=low,
        high=high,
        buttons=(draft.button("cmd:status", "status"),),
    )


def _sheet_text(draft: Draft, *, masked: bool) -> str:
    """The sheet as plain text, a block a section."""

    def label(vocabulary: str, option: str) -> str:
        return draft.text(f"choice.{vocabulary}.{option}")

    blocks = []
    for section in sheet(draft.filing, label).sections:
        lines = [
            draft.text(
                "message.value_line",
                label=draft.text(f"sheet.{line.label}"),
                value=line.masked if masked else line.value,
            )
            for line in section.lines
            if line.value
        ]
        if lines:
            title = draft.text(f"sheet.{section.key}")
            blocks.append(draft.text("message.sheet_section", title=title, lines="\n".join(lines)))
    return "\n\n".join(blocks)
