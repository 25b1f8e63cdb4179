"""Answers that are gone, asked anew of whoever opens their filing again, and why."""

from dialogs.turn.dates import day_words
from dialogs.turn.draft import Draft
from dialogs.world import day_of


def ask_anew(draft: Draft) -> None:
    """Let blanked answers be open questions again where the filing is, and say why, once."""
    blanked = draft.journey.blanked
    if not draft.is_open or not blanked or draft.withheld is not None:
        return
    steps = [step for step in draft.flow.steps if step.key in blanked]
    on = day_words(draft, day_of(max(blanked.values())))
    for step in steps:
        draft.put(step, None, remember=False)
    draft.attend(focus=None)
    draft.notice("message.asked_anew", on=on, labels=draft.labels(step.key for step in steps))


def say_what_a_change_asks(draft: Draft) -> None:
    """What whoever wants to change an approved filing has to give again, and why."""
    if blanked := draft.journey.blanked:
        on = day_words(draft, day_of(max(blanked.values())))
        draft.notice("message.change_anew", on=on, labels=draft.labels(blanked))


def say_why_anew(draft: Draft) -> None:
    """Why a further filing asks again for what an earlier one knew, where that is gone."""
    earlier = (one for filing in draft.case.filings.values() for one in filing.answers)
    gone = [one.blanked_at for one in earlier if one.blanked_at is not None]
    if gone:
        draft.notice("message.given_anew", on=day_words(draft, day_of(max(gone))))
