"""Where people give up: each question of a flow with how many it stopped."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.charts import Funnel, FunnelStep, draw_funnel
from desk.statistics.figure import Figure, Say, Table
from desk.statistics.ports import FEWEST, Begun
from dialogs.flow import Flow


@dataclass(frozen=True, slots=True)
class StepCount:
    """One question: ``lost`` drafts rest at it for long, ``there`` stand at it and go on."""

    step: str
    answered: int
    lost: int = 0
    there: int = 0

    @property
    def asked(self) -> int:
        """To how many it was put."""
        return self.answered + self.lost + self.there


@dataclass(frozen=True, slots=True)
class Draft:
    """A filing that is still being filled in: at which question, and since when nothing came."""

    filing: str
    step: str
    moved_at: datetime


def step_counts(
    begun: Begun, flow: str, drafts: Iterable[Draft], rested_since: datetime
) -> Sequence[StepCount]:
    """The questions of one flow that somebody was asked, in no order.

    A question that is open again although it was answered once counts as answered, and as open.
    """
    lost: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for draft in drafts:
        if begun.filings.get(draft.filing) == flow:
            (lost if draft.moved_at < rested_since else there)[draft.step] += 1
    answered = {step: n for (of_flow, step), n in begun.answered.items() if of_flow == flow}
    return [
        StepCount(step, answered.get(step, 0), lost[step], there[step])
        for step in answered.keys() | lost.keys() | there.keys()
    ]


def funnel_figure(
    counts: Sequence[StepCount],
    flow: Flow,
    labels: Mapping[str, str],
    sections: Mapping[str, str],
    say: Say,
) -> Figure:
    """The funnel of one flow; ``labels`` name its questions, ``sections`` its parts."""
    by_step = {one.step: one for one in counts}
    steps = [
        FunnelStep(
            sections.get(step.section, step.section),
            labels.get(step.key, step.key),
            found.answered,
            found.lost,
            found.there,
        )
        for step in flow.steps
        if step.ask is not None and (found := by_step.get(step.key)) is not None
    ]
    headings = ("section", "question", "asked", "answered", "lost", "loss", "there")
    table = Table(
        tuple(say(f"numbers.funnel.{name}") for name in headings),
        tuple(
            (
                one.section,
                one.label,
                one.asked,
                one.answered,
                one.lost,
                f"{one.loss:.1%}",
                one.there,
            )
            for one in steps
        ),
    )
    title = say("numbers.funnel.title")
    most = max((one.asked for one in steps), default=0)
    if most < FEWEST:
        return Figure("funnel", title, say("numbers.too_few", fewest=FEWEST), Table((), ()))
    worst = max(steps, key=lambda one: one.lost)
    lost = sum(one.lost for one in steps)
    finding = (
        say(
            "numbers.funnel.finding",
            question=worst.label,
            asked=f"{worst.asked:,}",
            lost=f"{worst.lost:,}",
            all=f"{lost:,}",
        )
        if worst.lost
        else say("numbers.funnel.nobody")
    )
    drawing = Funnel(
        title,
        finding,
        steps,
        say("numbers.funnel.answered"),
        say("numbers.funnel.lost"),
        say("numbers.funnel.there"),
    )
    figure = Figure("funnel", title, finding, table, note=say("numbers.funnel.note"))
    return figure.drawn(lambda name, width: draw_funnel(drawing, name, width))
