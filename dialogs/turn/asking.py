"""Putting the open question: progress, wording, example and buttons."""

from dataclasses import replace
from typing import Any

from dialogs.answers.certificates import CertificateNumber
from dialogs.flow import Step
from dialogs.message import Button, Reply, ReplyKind
from dialogs.turn.by_photo import photo_button, photo_line
from dialogs.turn.draft import Draft
from dialogs.wording import ConsentText
from filing.provinces import province_named
from filing.regions import capital_district

_MAX_BUTTONS = 20
_TEXTS_KEPT = 4


def ask(draft: Draft, step: Step) -> None:
    """Put a question as the last reply; what stands above it already is not said again."""
    if step.ask is None:
        return
    lines = [progress_line(draft, step)]
    if step.consent is not None:
        lines.append(consent_to_read(draft, step, step.consent))
    lines.append(draft.text(f"step.{step.key}.ask", **variables(draft)))
    before = remembered(draft, step)
    if before:
        lines.append(draft.text("message.before", value=draft.show(step, before)))
    elif not step.ask.options(draft.context):
        lines.append(example_line(draft, step))
    lines.append(photo_line(draft, step))
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            "\n".join(line for line in lines if line),
            buttons_for(draft, step),
            step=step.key,
            progress=progress(draft, step),
        )
    )


def variables(draft: Draft) -> dict[str, Any]:
    """What the wording of a step may mention."""
    values = draft.journey.values
    kind, province = values.get("subject_kind"), values.get("province", "")
    return {
        "provider": draft.world.provider.short_name(draft.case.locale),
        "province": draft.world.wording.label("province", province, draft.case.locale),
        "subject_kind_label": draft.text(f"choice.subject_kind.{kind}") if kind else "",
        "is_individual": kind == "individual",
        "region": _region(province),
        "cert_type": values.get("cert_type", ""),
        "legal_representative_required": draft.ground.rule("entity_leader_must_be_legal_rep")
        in (True, "true"),
        "rule": draft.ground.rule,
    }


def _region(province: str) -> str:
    """A district in the province, for examples of addresses."""
    found = province_named(province)
    return capital_district(found.adcode) if found is not None else ""


def example_of(draft: Draft, step: Step) -> str:
    """An answer this applicant could give: one of the choices, a number of that certificate."""
    options = step.ask.options(draft.context) if step.ask is not None else ()
    if options:
        return draft.show(step, options[0])
    if isinstance(step.ask, CertificateNumber):
        kind = draft.journey.values.get(step.ask.type_step)
        key = f"choice.cert_type.{kind}.example"
        if draft.world.wording.has(key, draft.case.locale):
            return draft.text(key)
    return draft.text(f"step.{step.key}.example", **variables(draft))


def example_line(draft: Draft, step: Step) -> str:
    """The example as it is said, or nothing where there is none."""
    example = example_of(draft, step)
    return draft.text("message.example", example=example) if example else ""


def consent_text(draft: Draft, kind: str) -> ConsentText:
    """The text an applicant agrees to, with its version and digest."""
    locale = draft.case.locale
    return draft.world.wording.consent(
        kind,
        locale,
        operator=draft.world.operated_by(locale),
        contact=draft.world.reached_by(locale),
        provider=draft.world.provider.short_name(locale),
    )


def consent_to_read(draft: Draft, step: Step, kind: str) -> str:
    """The text itself above the question for the consent to it; empty while it stands above."""
    if step.key == draft.asked_before and has_read(draft, kind):
        return ""
    return put_consent(draft, kind)


def put_consent(draft: Draft, kind: str) -> str:
    """The text, which they have before them from now on."""
    shown = consent_text(draft, kind)
    others = tuple(digest for digest in draft.attention.read if digest != shown.sha256)
    draft.attend(read=(*others, shown.sha256)[-_TEXTS_KEPT:])
    return shown.text


def has_read(draft: Draft, kind: str) -> bool:
    """Whether this very text was put before them: nobody agrees to what they have not seen."""
    return consent_text(draft, kind).sha256 in draft.attention.read


def progress(draft: Draft, step: Step) -> tuple[int, int]:
    """(which question this is, of how many), counting only questions that were or are asked."""
    asked = [done.key for done in draft.journey.asked]
    total = draft.journey.answered + draft.journey.remaining
    position = asked.index(step.key) + 1 if step.key in asked else len(asked) + 1
    return position, max(total, position)


def progress_line(draft: Draft, step: Step) -> str:
    """The progress and the part of the filing, above every question."""
    position, total = progress(draft, step)
    section = draft.text(f"section.{step.section}")
    return draft.text("message.progress", position=position, total=total, section=section)


def remembered(draft: Draft, step: Step) -> str | None:
    """What was said of this question before: made doubtful since, or never confirmed."""
    if step.key in draft.journey.values:
        return None
    return draft.journey.proposals.get(step.key) or dict(draft.attention.aside).get(step.key)


def suggestion(draft: Draft, step: Step) -> str | None:
    """The value to offer for one tap: the one said before, or the usual one."""
    before = remembered(draft, step)
    if before or step.suggest is None:
        return before
    return step.suggest.derive(draft.ground)


def buttons_for(draft: Draft, step: Step) -> tuple[Button, ...]:
    """Choices, the suggestion, "skip" and, on a question gone back to, the way forward."""
    assert step.ask is not None
    buttons: list[Button] = []
    options = step.ask.options(draft.context)
    is_answered = step.key in draft.journey.values
    offered = None if is_answered else suggestion(draft, step)
    if options:
        for option in _offered_first(options, offered)[:_MAX_BUTTONS]:
            label = draft.show(step, option, masked=False)
            buttons.append(Button(label, f"answer:{step.key}:{option}"))
    elif offered:
        label = draft.text("button.use", value=draft.show(step, offered))
        buttons.append(Button(label, f"accept:{step.key}"))
    if not is_answered and (photo := photo_button(draft, step)) is not None:
        buttons.append(photo)
    if step.consent is not None and draft.world.notice_url:
        url = f"{draft.world.notice_url}?lang={draft.case.locale}"
        buttons.append(replace(draft.button("privacy", "privacy"), url=url))
    if step.skippable(draft.ground):
        buttons.append(draft.button("cmd:skip", "skip"))
    if draft.attention.focus == step.key and is_answered:
        buttons.append(draft.button("cmd:forward", "keep"))
    return tuple(buttons)


def _offered_first(options: tuple[str, ...], offered: str | None) -> tuple[str, ...]:
    if offered in options:
        return (offered, *(option for option in options if option != offered))
    return options
