"""A process killed in the middle of its work loses nothing it acknowledged."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.conftest import Place
from tests.storage.making import NOW
from tests.storage.steady_writer import PEOPLE

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("turns", [1, 200])
async def test_every_acknowledged_turn_is_there_whole_after_kill_9(
    sqlite_place: Place, turns: int
) -> None:
    acknowledged = _run_and_kill(sqlite_place, turns)
    assert sum(acknowledged.values()) >= turns
    async with sqlite_place.opened() as stores:
        for identity in PEOPLE:
            case = await stores.cases.open(identity, NOW, "zh-CN")
            assert case.version >= acknowledged.get(identity.external_id, 0)
            answers = case.filing.answers if case.filing else ()
            expected = [str(number) for number in range(1, case.version + 1)]
            assert [answer.value for answer in answers] == expected
            entries = await stores.transcript.since(identity, 0, limit=10_000)
            assert len(entries) == 2 * case.version
            last = f"{identity.external_id}-{case.version}"
            assert len(await stores.cases.recorded(identity, last)) == (case.version > 0)


def _run_and_kill(place: Place, turns: int) -> dict[str, int]:
    """The highest turn acknowledged to each person before the process was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.steady_writer", place.url, str(place.folder)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert process.stdout is not None
    acknowledged: dict[str, int] = {}
    for _ in range(turns):
        person, number = process.stdout.readline().split()
        acknowledged[person] = int(number)
    process.kill()
    for line in process.stdout:
        if line.endswith("\n"):
            person, number = line.split()
            acknowledged[person] = int(number)
    process.stdout.close()
    process.wait()
    return acknowledged
