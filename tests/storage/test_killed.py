"""A process killed in the middle of its work loses nothing it acknowledged."""

import pytest

from tests.parts.commands import COMMANDS
from tests.storage.conftest import Place
from tests.storage.making import NOW
from tests.storage.steady_writer import PEOPLE


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
    acknowledged: dict[str, int] = {}
    arguments = (place.url, str(place.folder))
    writer = "tests.storage.steady_writer"
    with COMMANDS.begin(place.folder, *arguments, module=writer) as process:
        for _ in range(turns):
            person, number = process.reads().split()
            acknowledged[person] = int(number)
        process.kill()
        while (line := process.reads()).endswith("\n"):
            person, number = line.split()
            acknowledged[person] = int(number)
    return acknowledged
