"""Whole first filings, typed as people type."""

from typing import Any

import pytest

from dialogs.world import World
from tests.dialogs.talk import Talk
from tests.transcripts import Script, play, scripts


class Typist:
    """Plays a script straight into the turn."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk

    async def say(self, text: str) -> None:
        """Type."""
        self.talk.say(text)

    async def press(self, value: str) -> None:
        """Press."""
        self.talk.press(value)

    async def state(self) -> dict[str, Any]:
        """Look."""
        return self.talk.state


@pytest.mark.parametrize("channel", ["web", "telegram"])
@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.name[:40])
async def test_a_filing_is_completed(script: Script, channel: str, world: World) -> None:
    talk = Talk(world, script.at, channel)
    state = await play(script, Typist(talk))
    assert {"stage": state["stage"], **state["values"]}.items() >= script.expect.items()
