"""What a letter of a filing would say: its values as they stand now, and what is still unknown."""

from dataclasses import replace
from datetime import datetime

from dialogs.case import Case
from dialogs.turn.draft import Draft
from dialogs.world import World
from filing.letters.values import VALUES, Values, values_of
from knowledge.letter_book import LetterForm

LOCALE = "zh-CN"
"""Letters are read by reviewers: they are in Chinese whatever the applicant speaks."""


def letter_values(draft: Draft) -> Values:
    """All that is known of the filing in hand, in the words of a letter."""
    world, case = draft.world, draft.case

    def label(vocabulary: str, option: str) -> str:
        return world.wording.label(vocabulary, option, LOCALE)

    others = tuple(
        Draft(replace(case, active=one), world, draft.now, _no_id).filing
        for one in case.filings
        if one != case.active
    )
    return values_of(draft.filing, label, world.provider.full_name(LOCALE), others)


def values_in(case: Case, filing: str, now: datetime, world: World) -> Values | None:
    """The same of one filing of a case; None if the case has no such filing."""
    if filing not in case.filings:
        return None
    return letter_values(Draft(replace(case, active=filing), world, now, _no_id))


def unknown(letter: LetterForm, values: Values) -> tuple[str, ...]:
    """The variables a letter shows that are not known and not usually written in by hand."""
    return tuple(
        name
        for name, value in VALUES.items()
        if name in letter.uses and name not in values and not value.by_hand
    )


def by_hand(letter: LetterForm, values: Values) -> tuple[str, ...]:
    """The variables for which a line is left to write on."""
    return tuple(
        name
        for name, value in VALUES.items()
        if name in letter.uses and name not in values and value.by_hand
    )


def _no_id() -> str:
    raise LookupError("a letter never begins a filing")
