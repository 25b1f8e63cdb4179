"""First filings as people would type them, and a player that works on every channel."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

FOLDER = Path(__file__).parent
MAX_MESSAGES = 200


@dataclass(frozen=True, slots=True)
class Script:
    """What one applicant says, by the step asked, and how the filing must stand at the end."""

    name: str
    at: datetime
    answers: dict[str, list[str]]
    interludes: dict[str, str]  # said once before the step is answered
    expect: dict[str, str]


def scripts() -> list[Script]:
    """All scripts, by file name."""
    return [read_script(path) for path in sorted(FOLDER.glob("*.toml"))]


def read_script(path: Path) -> Script:
    """One script."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    interludes = {one["before"]: one["say"] for one in data.get("interludes", [])}
    return Script(data["name"], data["at"], data["answers"], interludes, data["expect"])


class Applicant(Protocol):
    """A person on some channel, and a look behind the scenes for the test."""

    async def say(self, text: str) -> None:
        """Type a message and wait for the replies."""
        ...

    async def press(self, value: str) -> None:
        """Press the button with this value on the last question."""
        ...

    async def state(self) -> dict[str, Any]:
        """The conversation's state as the interfaces show it."""
        ...


async def play(script: Script, applicant: Applicant) -> dict[str, Any]:
    """Play a script to its end and give back the final state.

    Fails if a step is asked that the script does not answer, or asked too often: then the
    assistant did not understand, or forgot.
    """
    await applicant.say("你好，我想备案")
    interludes = dict(script.interludes)
    tries: Counter[str] = Counter()
    for _ in range(MAX_MESSAGES):
        state = await applicant.state()
        asking = state["asking"]
        if asking is None:
            return state
        if state["needs_typing_consent"]:
            await applicant.press("cmd:type_here")
            continue
        if asking in interludes:
            await applicant.say(interludes.pop(asking))
            await _resume_if_paused(applicant)
            continue
        lines = script.answers.get(asking)
        assert lines is not None, f"{script.name}: nothing to say to {asking}"
        place = min(tries[asking], len(lines) - 1)
        assert tries[asking] < len(lines) + 2, f"{asking} was asked {tries[asking]} times"
        tries[asking] += 1
        await applicant.say(lines[place])
    raise AssertionError(f"{script.name}: no end after {MAX_MESSAGES} messages")


async def _resume_if_paused(applicant: Applicant) -> None:
    state = await applicant.state()
    if state["paused"]:
        await applicant.say("继续")
