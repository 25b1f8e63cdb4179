"""What to say when there is no question left: a decision other than a first filing, a refusal."""

from dialogs.message import ReplyKind
from dialogs.turn.draft import Draft
from dialogs.world import day_of
from filing.event import Stage


def conclude(draft: Draft) -> None:
    """Say how the journey ended, when it ended without a question."""
    values = draft.journey.values
    if draft.case.filing is None:
        draft.say(
            ReplyKind.QUESTION,
            "message.no_filing",
            buttons=(draft.button("new_filing", "new_filing"),),
        )
    elif not draft.stage.stage.editable:
        say_stage(draft)
    elif "decline" in (values.get("consent_processing"), values.get("consent_sensitive")):
        key = (
            "consent_processing"
            if values["consent_processing"] == "decline"
            else ("consent_sensitive")
        )
        draft.say(
            ReplyKind.NOTICE,
            f"message.declined_{key.removeprefix('consent_')}",
            buttons=(
                draft.button(f"answer:{key}:agree", "agree"),
                draft.button("cmd:handover", "person"),
            ),
        )
    elif "filing_kind" in values:
        say_decision(draft, values["filing_kind"])


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
        buttons=(
            draft.button("cmd:handover", "person"),
            draft.button(
                "edit:subject_record", "edit_one", label=draft.text("step.subject_record.label")
            ),
            draft.button(
                "edit:domain_record", "edit_one", label=draft.text("step.domain_record.label")
            ),
        ),
    )


def say_stage(draft: Draft) -> None:
    """Which stage the filing is in and what comes next."""
    state = draft.stage
    stage = state.stage
    filing = draft.case.filing
    buttons = []
    if stage in (Stage.WITHDRAWN, Stage.APPROVED):
        buttons.append(draft.button("new_filing", "new_filing"))
    draft.say(
        ReplyKind.NOTICE,
        f"stage.{stage.value}",
        filing=filing.id if filing else "",
        provider=draft.world.provider.short_name(draft.case.locale),
        since=day_of(state.since).isoformat() if state.since else "",
        number=state.filing_number or "",
        rule=draft.ground.rule,
        reason=(state.returned.reason or "") if state.returned else "",
        low=draft.world.provider.first_review_working_days[0],
        high=draft.world.provider.first_review_working_days[1],
        buttons=tuple(buttons),
    )
