"""Values proposed by a colleague: read back to the applicant, counted only by their yes."""

from collections.abc import Mapping

from dialogs import vocabulary
from dialogs.case import Advice, Advised, signed
from dialogs.flow import Step
from dialogs.journey import is_early
from dialogs.message import Inbound, Reply, ReplyKind
from dialogs.turn.answering import accept, fail, refusal
from dialogs.turn.draft import Draft
from filing.invalid import Invalid, invalid

YES, NO, OTHER = "yes", "no", "other"


def advise(
    draft: Draft, values: Mapping[str, str], agent: str, advice_id: str
) -> Mapping[str, Invalid]:
    """Ask the applicant whether a colleague's values may count; what is wrong, by step key.

    Nothing is asked if one value is wrong. Values are judged in the flow's order, each on the
    ground of those proposed with it.
    """
    filing = draft.case.filing
    if filing is None or not draft.is_open:
        return {key: invalid("advice.locked") for key in values}
    wrong = {key: invalid("advice.no_step") for key in values if key not in draft.flow}
    trial = Draft(draft.case, draft.world, draft.now, draft.fresh_id)
    advised: list[Advised] = []
    for step in draft.flow.steps:
        if step.key not in values:
            continue
        read = _read(trial, step, values[step.key])
        if isinstance(read, Invalid):
            wrong[step.key] = read
            continue
        advised.append(Advised(step.key, read, draft.journey.values.get(step.key)))
        trial.put(step, read, remember=False)
    if wrong or not advised:
        return wrong
    draft.attend(advice=Advice(advice_id, agent, filing.id, tuple(advised)))
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            draft.text(
                "message.advice",
                agent=agent,
                count=len(advised),
                lines="\n".join(_line(draft, one) for one in advised),
            ),
            (
                draft.button(f"advice:{YES}:{advice_id}", "advice_yes"),
                draft.button(f"advice:{OTHER}:{advice_id}", "advice_other"),
                draft.button(f"advice:{NO}:{advice_id}", "advice_no"),
            ),
        )
    )
    return {}


def _read(trial: Draft, step: Step, value: str) -> str | Invalid:
    """The value, if a colleague may propose it and the step's own checks take it."""
    if step.ask is None or step.closes or step.consent is not None:
        return invalid("advice.own_word")
    if step.key in trial.journey.derived:
        return invalid("advice.derived")
    if not trial.may_hold(step):
        return invalid("advice.no_consent")
    if is_early(step, trial.journey.values) or not step.applies(trial.ground):
        return invalid("advice.not_asked")
    read = step.ask.parse(value, trial.context)
    if isinstance(read, Invalid):
        return read
    if trial.journey.values.get(step.key) == read:
        return invalid("advice.same")
    refused = refusal(trial, step, read)
    if refused is not None:
        reason = trial.text(f"check.{refused.code}.reason", **refused.params)
        return invalid("form.refused", reason=reason)
    return read


def _line(draft: Draft, one: Advised) -> str:
    step = draft.flow[one.step]
    return draft.text(
        "message.advice_line",
        label=draft.text(f"step.{one.step}.label"),
        was=draft.show(step, one.was) if one.was else "",
        value=draft.show(step, one.value),
    )


def answers_advice(draft: Draft, inbound: Inbound) -> bool:
    """Take what the applicant says to a colleague's proposal; False if it is about another thing.

    Its buttons count whenever they are pressed; a typed yes or no only while nothing else was
    said to them since.
    """
    if inbound.button is not None:
        kind, _, rest = inbound.button.partition(":")
        if kind != "advice":
            return False
        press(draft, rest)
        return True
    advice = draft.attention.advice
    if advice is None or not advice.asked_last or not inbound.text:
        return False
    said = vocabulary.read("yes_no", inbound.text)
    if said is None:
        return False
    press(draft, f"{said}:{advice.id}")
    return True


def press(draft: Draft, value: str) -> None:
    """Do what a button under a proposal says: ``yes``, ``no`` or ``other``."""
    said, _, advice_id = value.partition(":")
    advice = draft.attention.advice
    if advice is None or advice.id != advice_id or not _still_stands(draft, advice):
        draft.notice("message.stale_button")
        return
    draft.attend(advice=None)
    labels = draft.labels(one.step for one in advice.values)
    if said == YES:
        draft.notice("message.advice_taken", what=labels)
        _take(draft, advice)
    elif said == OTHER and draft.case.hold is None and len(advice.values) == 1:
        draft.attend(focus=advice.values[0].step, failures=0, paused=False)
    else:
        draft.notice(f"message.advice_{OTHER if said == OTHER else 'refused'}", what=labels)


def _still_stands(draft: Draft, advice: Advice) -> bool:
    """Whether the filing is still open and says what it said when the values were proposed."""
    if draft.case.active != advice.filing or not draft.is_open:
        return False
    values = draft.journey.values
    return all(values.get(one.step) == one.was for one in advice.values)


def _take(draft: Draft, advice: Advice) -> None:
    for one in advice.values:
        step = draft.flow[one.step]
        if step.ask is None:
            continue
        read = step.ask.parse(one.value, draft.context)
        if isinstance(read, Invalid):
            fail(draft, step, wrong=read)
        else:
            accept(draft, step, read, author=signed(advice.agent))
