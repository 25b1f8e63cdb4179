"""A filing as a colleague looks at it: every question with its answer, and what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dialogs.case import Case
from dialogs.derive import KindOfFiling
from dialogs.flow import Step
from dialogs.journey import latest
from dialogs.standing import Standing, standing
from dialogs.turn.draft import Draft
from dialogs.turn.findings import all_findings, step_of_field
from dialogs.world import World
from filing.invalid import Param


@dataclass(frozen=True, slots=True)
class Line:
    """One question with what stands there. ``value`` is masked where it is sensitive."""

    step: str
    section: str
    value: str  # empty where nothing is said yet, or it was skipped
    # "given", "derived", "doubtful" (to be confirmed again), "asked" (the open one) or "blanked"
    # (given, and gone since its time was over: ``at`` says when).
    state: str
    hidden: bool = False  # whether something of it is masked
    author: str | None = None  # as Answer.author
    at: datetime | None = None

    @property
    def can_change(self) -> bool:
        """Whether a colleague may propose another value."""
        return self.state not in ("derived", "blanked")


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """One pre-check that is not content; its words are ``check.<code>.reason`` and ``.cure``."""

    code: str
    params: Mapping[str, Param]
    refuses: bool  # it would be returned for certain
    step: str | None  # the question to change


@dataclass(frozen=True, slots=True)
class Overview:
    """A filing of a case, worked out for its reader."""

    filing: str | None
    standing: Standing
    lines: tuple[Line, ...]
    checks: tuple[OpenCheck, ...]


def overview(case: Case, now: datetime, world: World, locale: str) -> Overview:
    """The active filing of a case; choices are named in ``locale``, the reader's language."""
    draft = Draft(case, world, now, _no_id)
    now_standing = standing(case, now, world)
    if case.filing is None:
        return Overview(None, now_standing, (), ())
    journey = draft.journey
    answers = latest(draft.flow.carry_over(case.filing.answers, case.filing.flow_version))
    lines = []
    for step in draft.flow.steps:
        if step.closes or step.consent is not None:
            continue
        value = journey.values.get(step.key)
        doubtful = journey.proposals.get(step.key)
        is_asked = now_standing.asking == step.key
        if step.key in journey.blanked and not is_asked:
            at = journey.blanked[step.key]
            lines.append(Line(step.key, step.section, "", "blanked", at=at))
            continue
        if value is None and doubtful is None and not is_asked:
            continue
        answer = answers.get(step.key)
        is_derived = step.key in journey.derived
        words, is_hidden = _shown(draft, step, value if value is not None else doubtful, locale)
        lines.append(
            Line(
                step.key,
                step.section,
                words,
                "derived"
                if is_derived
                else "doubtful"
                if value is None and doubtful is not None
                else "asked"
                if is_asked
                else "given",
                is_hidden,
                None if answer is None or is_derived else answer.author,
                None if answer is None or is_derived else answer.at,
            )
        )
    checks = tuple(
        OpenCheck(one.code, one.params, one.level == "refuse", step_of_field(draft, one.field))
        for one in all_findings(draft)
    )
    return Overview(case.filing.id, now_standing, tuple(lines), checks)


def _shown(draft: Draft, step: Step, value: str | None, locale: str) -> tuple[str, bool]:
    """A value as its reader sees it, and whether something of it is hidden."""
    if not value:
        return "", False
    if step.ask is not None:
        shown = step.ask.show(value, masked=step.ask.sensitive, locale=locale)
        return shown, shown != step.ask.show(value, locale=locale)
    if isinstance(step.derive, KindOfFiling):
        province = draft.journey.values.get("province")
        return draft.world.kinds.tell(value, locale, province=province).title, False
    return value, False


def _no_id() -> str:
    raise LookupError("looking at a case never begins a filing")
