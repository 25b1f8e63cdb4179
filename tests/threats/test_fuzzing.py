"""Some of the million spoilt inputs of ``make fuzz``, the same ones each time."""

import logging

import pytest

from bench.fuzz.__main__ import TARGETS
from bench.fuzz.campaign import Fault, campaign

SEED = 8
INPUTS = {"telegram": 200, "wechat": 200, "wecom": 100, "web": 150, "desk": 60, "uploads": 400}


@pytest.mark.parametrize("name", TARGETS)
async def test_nothing_breaks_and_what_is_valid_counts(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    make, _ = TARGETS[name]
    outcome = await campaign(name, make(), INPUTS[name], SEED, lambda _: None)
    assert outcome.faults == ()
    assert outcome.valid == -(-INPUTS[name] // 50)
    assert len(outcome.answers) > 2, "all refused alike: it gets no further than the door"


def test_all_targets_together_take_a_million() -> None:
    assert sum(share for _, share in TARGETS.values()) == pytest.approx(1)


class _Broken:
    """A target that breaks at what it is given, loses what is valid, or fails in silence."""

    def __init__(self, where: str) -> None:
        self._where = where

    async def begin(self) -> None: ...

    async def feed(self, chance: object) -> str:
        if self._where == "feed":
            raise KeyError("ours")
        return "200"

    async def prove(self, number: int) -> None:
        if self._where == "prove":
            raise Fault("lost")

    async def end(self) -> None:
        if self._where == "end":
            raise Fault("failed in silence")


@pytest.mark.parametrize("where", ["feed", "prove", "end"])
async def test_what_breaks_is_found(where: str) -> None:
    assert not (await campaign("broken", _Broken(where), 3, SEED)).is_sound
