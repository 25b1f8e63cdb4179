"""What `beian knowledge evaluate` prints: how well a set of questions is answered."""

from collections.abc import Iterator
from pathlib import Path

from bot.clock import real_clock
from bot.settings import Settings
from bot.world import load_world
from dialogs.world import day_of
from knowledge.evaluation import SORTS, Outcome, Score, evaluate, read_probes, score

_HEAD = "                 asked  recall@1   MRR    answered  wrong   false   handover  smalltalk"


def report(settings: Settings, path: Path, *, misses: bool) -> Iterator[str]:
    """The lines to print; with ``misses`` the questions not answered rightly, held-out ones not.

    Raises OSError for a file that cannot be read and ValueError for a line that is no question.
    """
    world = load_world(settings)
    outcomes = evaluate(world.knowledge, read_probes(path), day_of(real_clock()))
    for held_out, name in ((False, "looked at while tuning"), (True, "held out")):
        part = [one for one in outcomes if one.probe.holdout is held_out]
        if not part:
            continue
        yield f"{name}\n{_HEAD}"
        for sort in SORTS:
            some = [one for one in part if one.probe.sort == sort]
            if some:
                yield _line(sort, score(some))
        yield _line("all", score(part))
        if misses and not held_out:
            yield from (_miss(one) for one in part if not one.is_right)


def _line(name: str, of: Score) -> str:
    return (
        f"  {name:<14} {of.asked:>5}  {of.recall:>8.3f} {of.reciprocal_rank:>6.3f}  "
        f"{of.answered:>8.3f}  {of.wrong:>5.3f}   {of.false_answers:>5.3f}  "
        f"{of.handover:>8.3f}  {of.smalltalk:>9.3f}"
    )


def _miss(one: Outcome) -> str:
    wanted = "/".join(sorted(one.probe.articles)) or one.probe.sort
    found = one.found
    got = f"{found.route.value} {found.confidence:.2f} {found.article or '-'}"
    return f"  - {one.probe.question}\n      wanted {wanted}, got {got}"
