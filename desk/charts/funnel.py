"""Where people give up: a bar for each question asked, with what was lost there."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.charts.svg import SIZE, SMALL, WIDE, Sheet, fitted, words_width

_ROW = 21
_TALL_ROW = 32  # the label above its bar
_BAR = 14
_HEADER = 27
_TOP = 30
_WORST = 3
_NOTEWORTHY = 0.03  # a smaller loss is not pointed at, however it ranks
_WORTH_TELLING = 0.01  # and one still smaller stands in the table alone


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One question: to how many it was put, how many answered, gave up there, or are still at it.

    ``asked`` is the sum of the other three.
    """

    section: str
    label: str
    answered: int
    lost: int
    there: int = 0

    @property
    def asked(self) -> int:
        """To how many it was put."""
        return self.answered + self.lost + self.there

    @property
    def loss(self) -> float:
        """The share of those asked who gave up."""
        return self.lost / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Funnel:
    """The questions in the order they are put, and the words around them."""

    title: str
    summary: str
    steps: Sequence[FunnelStep]
    answered: str  # "answered", for the legend
    lost: str
    there: str


def draw_funnel(funnel: Funnel, name: str, width: float = WIDE) -> Markup:
    """The bars, section by section; the worst losses stand out."""
    wide = width >= WIDE
    longest = max((words_width(step.label) for step in funnel.steps), default=0.0)
    label_room = min(longest, 270.0) if wide else width
    row = _ROW if wide else _TALL_ROW
    left = label_room + 8 if wide else 0.0
    room = width - left - (122.0 if wide else 80.0)
    most = max((step.asked for step in funnel.steps), default=0) or 1
    sections = len(dict.fromkeys(step.section for step in funnel.steps))
    height = _TOP + len(funnel.steps) * row + sections * _HEADER + 6
    sheet = Sheet(name, width, height)
    _legend(sheet, funnel)
    worst = _worst(funnel.steps)
    y, section = float(_TOP), None
    for step in funnel.steps:
        if step.section != section:
            section = step.section
            sheet.words(0, y + _HEADER - 8, section, "c-strong", size=SMALL)
            sheet.line(0, y + _HEADER - 2, width, y + _HEADER - 2, "c-rule")
            y += _HEADER
        label = fitted(step.label, label_room, SIZE if wide else SMALL)
        bar = y + (row - _BAR) / 2 if wide else y + 17
        middle = bar + _BAR / 2 + SMALL * 0.36
        if wide:
            sheet.words(label_room, middle, label, anchor="end", whole=step.label)
        else:
            sheet.words(0, y + 13, label, size=SMALL, whole=step.label)
        x = left
        for count, kind in ((step.answered, "c-1"), (step.lost, "c-lost"), (step.there, "c-open")):
            length = room * count / most
            sheet.rect(x, bar, length, _BAR, kind)
            if kind == "c-lost":
                sheet.hatched(x, bar, length, _BAR, "stripes")
            x += length
        _numbers(sheet, step, x + 6, middle, wide=wide, is_worst=step in worst)
        y += row
    return sheet.finish(funnel.title, funnel.summary)


def _numbers(
    sheet: Sheet, step: FunnelStep, x: float, y: float, *, wide: bool, is_worst: bool
) -> None:
    count = f"{step.asked:,}"
    sheet.words(x, y, count, "c-soft", size=SMALL)
    if step.loss < _WORTH_TELLING and not is_worst:
        return
    x += words_width(count, SMALL) + 7
    told = f"−{step.lost:,} · {step.loss:.1%}" if wide else f"−{step.loss:.0%}"
    if wide or is_worst:
        sheet.words(x, y, told, "c-alarm" if is_worst else "c-soft", size=SMALL)


def _worst(steps: Sequence[FunnelStep]) -> Sequence[FunnelStep]:
    ranked = sorted(steps, key=lambda step: -step.lost)[:_WORST]
    return [step for step in ranked if step.loss >= _NOTEWORTHY]


def _legend(sheet: Sheet, funnel: Funnel) -> None:
    x = 0.0
    for kind, words in (
        ("c-1", funnel.answered),
        ("c-lost", funnel.lost),
        ("c-open", funnel.there),
    ):
        sheet.rect(x, 4, 16, 12, kind)
        if kind == "c-lost":
            sheet.hatched(x, 4, 16, 12, "stripes")
        sheet.words(x + 21, 14.5, words, "c-soft", size=SMALL)
        x += 21 + words_width(words, SMALL) + 16
