"""What to say when there is no question left: a decision, a refusal, a stage."""

from dialogs.flow import Step
from dialogs.message import Button, ReplyKind
from dialogs.turn.anew import say_what_a_change_asks
from dialogs.turn.draft import Draft
from dialogs.turn.stages import say_stage
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


def say_locked(draft: Draft) -> None:
    """That nothing can be changed now, and what to do about it."""
    stage = draft.stage.stage
    draft.ask_after = False
    if draft.case.filing is None or stage is Stage.WITHDRAWN:
        conclude(draft)
        return
    if stage is Stage.APPROVED:
        say_what_a_change_asks(draft)
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
