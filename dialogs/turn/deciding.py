"""What to say when there is no question left: a decision, a refusal, a stage."""

from dialogs.flow import Step
from dialogs.message import Button, ReplyKind
from dialogs.turn.draft import Draft
from dialogs.turn.findings import step_of_field
from dialogs.world import day_of
from filing.event import Stage


def conclude(draft: Draft) -> None:
    """Say how the journey ended, when it ended without a question."""
    decided = draft.journey.values.get("filing_kind")
    withheld = draft.withheld
    if draft.case.filing is None:
        draft.say(
            ReplyKind.QUESTION,
            "message.no_filing",
            buttons=(draft.button("new_filing", "new_filing"),),
        )
    elif not draft.is_open:
        say_stage(draft)
    elif withheld is not None:
        say_declined(draft, withheld)
    elif decided is not None:
        say_decision(draft, decided)


def say_declined(draft: Draft, step: Step) -> None:
    """That a consent was refused, what still works, and the way to give it after all."""
    draft.say(
        ReplyKind.NOTICE,
        f"message.declined_{step.consent}",
        buttons=(
            draft.button(f"answer:{step.key}:agree", "agree"),
            draft.button("cmd:handover", "person"),
        ),
    )


def say_decision(draft: Draft, outcome: str) -> None:
    """Why this is no first filing, what it is, what it needs, and who can help."""
    told = draft.world.kinds.tell(
        outcome, draft.case.locale, province=draft.journey.values.get("province")
    )
    draft.say(
        ReplyKind.ANSWER,
        "message.decision",
        title=told.title,
        why=told.why,
        steps="\n".join(f"{n}. {line}" for n, line in enumerate(told.steps, start=1)),
        needed="\n".join(f"· {line}" for line in told.needed),
        source=told.source,
        buttons=(draft.button("cmd:handover", "person"), *_grounds_of(draft, "filing_kind")),
    )


def _grounds_of(draft: Draft, key: str) -> tuple[Button, ...]:
    """A way back to every answer a derived step rests on, the unusual ones first."""
    derivation = draft.flow[key].derive
    looked_at = derivation.looks_at if derivation is not None else ()
    asked = [step for step in draft.journey.asked if step.key in looked_at and step.likely]
    asked.sort(key=lambda step: draft.journey.values[step.key] == step.likely)
    return tuple(draft.edit_button(step.key) for step in asked)


def say_stage(draft: Draft) -> None:
    """Which stage the filing is in and what comes next."""
    state = draft.stage
    stage = state.stage
    filing = draft.case.filing
    provider = draft.world.provider
    low, high = (
        provider.second_review_working_days
        if stage is Stage.SECOND_REVIEW
        else provider.first_review_working_days
    )
    draft.say(
        ReplyKind.NOTICE,
        f"stage.{stage.value}",
        filing=filing.id if filing else "",
        provider=provider.short_name(draft.case.locale),
        since=day_of(state.since).isoformat() if state.since else "",
        number=state.filing_number or "",
        rule=draft.ground.rule,
        reason=(state.returned.reason or "") if state.returned else "",
        are_two=len(draft.persons) > 1,
        low=low,
        high=high,
        buttons=_ways_on(draft, stage),
    )
    if stage is Stage.RETURNED:
        _say_cure(draft)


def _ways_on(draft: Draft, stage: Stage) -> tuple[Button, ...]:
    new = draft.button("new_filing", "new_filing")
    if stage is Stage.WITHDRAWN:
        return (draft.button("cmd:resume", "take_up_again"), new)
    return (new,) if stage is Stage.APPROVED else ()


def _say_cure(draft: Draft) -> None:
    """What a return of this code usually means, the cure, and the lines to change."""
    returned = draft.stage.returned
    rejection = draft.world.rejections.get(returned.code or "") if returned else None
    if rejection is None:
        draft.say(
            ReplyKind.NOTICE,
            "message.returned_edit",
            buttons=(draft.button("cmd:edit", "edit"), draft.button("cmd:handover", "person")),
        )
        return
    keys = (step_of_field(draft, field) for field in rejection.fields)
    edits = tuple(
        draft.edit_button(key)
        for key in dict.fromkeys(keys)
        if key is not None and key not in draft.journey.derived
    )
    locale = draft.case.locale
    draft.say(
        ReplyKind.NOTICE,
        "message.returned_cure",
        cause=rejection.cause[locale],
        cure=rejection.cure[locale],
        buttons=(*edits, draft.button("cmd:handover", "person")),
    )


def say_locked(draft: Draft) -> None:
    """That nothing can be changed now, and what to do about it."""
    stage = draft.stage.stage
    draft.ask_after = False
    if draft.case.filing is None or stage is Stage.WITHDRAWN:
        conclude(draft)
        return
    if stage is Stage.APPROVED:
        key, how = "message.locked_approved", ""
    else:
        key = "message.locked"
        how = draft.world.provider.console_text("withdraw", draft.case.locale)
    draft.say(
        ReplyKind.NOTICE,
        key,
        stage=draft.text(f"stage.name.{stage.value}"),
        how=how,
        buttons=(draft.button("cmd:handover", "person"),),
    )
