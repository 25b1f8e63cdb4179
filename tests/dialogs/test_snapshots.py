"""Conversations stored under every released flow version go on in today's flow."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from bot.world import FLOWS
from dialogs.case import MIGRATION, Answer, Case, FilingRecord
from dialogs.flow import Flow, Ground
from dialogs.journey import latest
from dialogs.message import Identity
from dialogs.standing import Standing, standing
from dialogs.world import SHANGHAI, World

FOLDER = Path(__file__).parent / "flows"
BEGAN = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Stored:
    """One conversation: its answers, and where it stood after each of them."""

    flow: str
    version: int
    path: str
    lines: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.flow} {self.version}: {self.path}"

    def after(self, count: int) -> FilingRecord:
        """The filing as it was stored after so many answers."""
        answers = tuple(
            Answer(
                line["step"],
                line["value"],
                BEGAN + timedelta(minutes=place),
                line["author"],
                line["basis"],
            )
            for place, line in enumerate(self.lines[:count])
        )
        return FilingRecord("f1", self.flow, self.version, BEGAN, answers)


def stored() -> Iterator[Stored]:
    """Every conversation kept."""
    for file in sorted(FOLDER.glob("*.jsonl")):
        flow, _, version = file.stem.rpartition("_v")
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for path, own in groupby(lines, key=lambda line: str(line["path"])):
            yield Stored(flow, int(version), path, tuple(own))


STORED = list(stored())


def test_every_version_of_every_flow_has_its_conversations() -> None:
    kept = {(one.flow, one.version) for one in STORED}
    released = {
        (flow.name, version) for flow in FLOWS.values() for version in range(1, flow.version + 1)
    }
    assert kept == released, "see CONTRIBUTING.md: A new version of a flow"


@pytest.mark.parametrize("conversation", STORED, ids=str)
def test_a_stored_conversation_goes_on_where_it_stood(conversation: Stored, world: World) -> None:
    flow = FLOWS[conversation.flow]
    for count, line in enumerate(conversation.lines, start=1):
        if "asking" not in line:
            continue
        filing = conversation.after(count)
        case = Case("c1", "a1", Identity("web", "1"), "zh-CN").with_filing(filing)
        now = standing(case, BEGAN + timedelta(hours=1), world)
        assert now.asking in _names_today(flow, conversation.version, line["asking"])
        assert _lost(flow, filing, now, world) == []
        if conversation.version == flow.version:
            assert len(now.journey.values) == line["values"]


def _names_today(flow: Flow, version: int, key: str | None) -> tuple[str | None, ...]:
    """What a step of that version is called in today's flow; nothing if it was dropped."""
    if key is None:
        return (None,)
    return tuple(one.step for one in flow.carry_over((Answer(key, "", BEGAN),), version)[:1])


def _lost(flow: Flow, filing: FilingRecord, now: Standing, world: World) -> list[str]:
    """Answers to questions on the path that neither count nor are proposed again."""
    carried = flow.carry_over(filing.answers, filing.flow_version)
    ground = Ground(now.journey.values, world.rulebook, BEGAN.date())
    return [
        key
        for key, answer in latest(carried).items()
        if answer.value is not None
        and answer.author != MIGRATION
        and flow[key].applies(ground)
        and answer.value not in (now.journey.values.get(key), now.journey.proposals.get(key))
    ]
