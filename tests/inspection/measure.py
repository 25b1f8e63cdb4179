"""`python -m tests.inspection.measure`: precision and recall of the checks on many specimens.

Draws and photographs them by seed, has each looked at, and prints the table of
docs/materials-checks.md. Seeds from 5000 on were never used to choose a limit.
"""

import argparse
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Final, TypeAlias

from bot.inspection.judging import Wanted
from bot.inspection.limits import load_limits
from bot.inspection.looking import look
from filing.finding import Level
from filing.materials.material import IDENTITY_KINDS
from filing.materials.picture_code import PictureCode
from tests.specimens.shots import DEFECTS, Specimen, Strength, bad, good

TUNED_ON: Final = 1000
HELD_OUT: Final = 5000
_LIMITS: Final = load_limits()

Job: TypeAlias = tuple[PictureCode | None, Strength | None, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found on one specimen."""

    defect: PictureCode | None
    strength: int
    manner: str
    found: dict[PictureCode, Level]
    seconds: float  # of the processor, for looking at it

    @property
    def is_refused(self) -> bool:
        """Whether another picture would be asked for."""
        return Level.REFUSE in self.found.values()


def jobs(first: int, goods: int, each: int) -> Iterator[Job]:
    """Good ones and, for each defect and strength, ``each`` bad ones."""
    for seed in range(first, first + goods):
        yield None, None, seed
    for defect in DEFECTS:
        for strength in (1, 2, 3):
            for seed in range(first, first + each):
                yield defect, strength, seed


def draw(job: Job) -> Specimen:
    """The specimen of a job."""
    defect, strength, seed = job
    return good(seed) if defect is None or strength is None else bad(defect, strength, seed)


def outcome(specimen: Specimen) -> Outcome:
    """What is found on a specimen when it is sent for what it is."""
    coloured = specimen.paper.kind in IDENTITY_KINDS
    wanted = Wanted(max_bytes=20_000_000, coloured=coloured)
    began = process_time()
    seen = look(specimen.content, wanted, _LIMITS)
    taken = process_time() - began
    found = {PictureCode(one.code): one.level for one in seen.findings}
    return Outcome(specimen.defect, specimen.strength, specimen.manner, found, taken)


def _run(task: tuple[Job, Path | None]) -> tuple[Job, Outcome]:
    job, folder = task
    kept = None if folder is None else folder / f"{job[0] or 'good'}-{job[1] or 0}-{job[2]}"
    if kept is not None and kept.exists():
        specimen: Specimen = pickle.loads(kept.read_bytes())
    else:
        specimen = draw(job)
        if kept is not None:
            kept.write_bytes(pickle.dumps(specimen))
    return job, outcome(specimen)


def table(outcomes: Sequence[Outcome]) -> str:
    """Precision and recall of each defect, in Markdown."""
    lines = [
        "| Defect | Precision | Recall, plain | Recall, strong | Slight: told | of these refused |",
        "|---|---|---|---|---|---|",
    ]
    for defect in DEFECTS:
        told = [one for one in outcomes if defect in one.found]
        right = [one for one in told if one.defect is defect]
        cells = [f"`{defect}`", _share(len(right), len(told))]
        for strength in (2, 3):
            those = [one for one in outcomes if (one.defect, one.strength) == (defect, strength)]
            cells.append(_share(sum(defect in one.found for one in those), len(those)))
        slight = [one for one in outcomes if (one.defect, one.strength) == (defect, 1)]
        cells.append(_share(sum(defect in one.found for one in slight), len(slight)))
        refused = sum(one.found.get(defect) is Level.REFUSE for one in slight)
        cells.append(_share(refused, len(slight)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def goods_told(outcomes: Sequence[Outcome]) -> str:
    """What became of the good ones."""
    goods = [one for one in outcomes if one.defect is None]
    refused = [one for one in goods if one.is_refused]
    doubted = [one for one in goods if one.found and not one.is_refused]
    why = Counter(code for one in goods for code in one.found)
    lines = [
        f"Good pictures: {len(goods)}; refused {_share(len(refused), len(goods))}, "
        f"kept with a doubt {_share(len(doubted), len(goods))}.",
        f"Told of good ones: {', '.join(f'`{code}` {n}' for code, n in why.items()) or 'nothing'}.",
    ]
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole}" if not whole else f"{part}/{whole} ({100 * part / whole:.0f} %)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.inspection.measure", description=__doc__)
    parser.add_argument("--first", type=int, default=HELD_OUT, help="first seed")
    parser.add_argument("--good", type=int, default=180)
    parser.add_argument("--each", type=int, default=5, help="of every defect and strength")
    parser.add_argument("--keep", type=Path, help="folder in which the specimens are kept")
    parser.add_argument("--misses", action="store_true", help="name what was wrongly judged")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    tasks = [(job, options.keep) for job in jobs(options.first, options.good, options.each)]
    with ProcessPoolExecutor() as pool:
        done = list(pool.map(_run, tasks, chunksize=4))
    outcomes = [one for _, one in done]
    for job, one in done:
        missed = one.strength > 1 and one.defect not in one.found
        if options.misses and (missed or (one.defect is None and one.found)):
            print("missed" if missed else "told of a good one", *job, one.manner, one.found)
    seconds = sorted(one.seconds for one in outcomes)
    print(f"{len(outcomes)} pictures, seeds from {options.first}\n")
    print(table(outcomes), goods_told(outcomes), sep="\n\n")
    print(f"Processor seconds for one: median {seconds[len(seconds) // 2]:.2f}")


if __name__ == "__main__":
    main()
