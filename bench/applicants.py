"""Applicants who complete a whole first filing on Telegram, typing and pressing keys."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bench.form import FILING, START
from bot.clock import real_clock
from bot.settings import Settings
from bot.testing.telegram import FakeBot, Person
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.case import Case
from dialogs.message import Button, Identity, Inbound
from dialogs.world import World
from storage.memory import memory_stores

_PAUSE = 0.05
_AHEAD = 32  # updates the bot may be behind
_PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Expected:
    """How the conversation goes when nothing disturbs it."""

    said: tuple[str, ...]  # all the assistant says; the filing's id as {filing}
    answers: tuple[tuple[str, str | None], ...]
    events: tuple[str, ...]
    script: tuple[str, ...]  # what the applicant types; [label] for a key to press


async def undisturbed_case() -> Case:
    """The case after the whole conversation, held once in memory."""
    return (await _undisturbed())[1]


async def undisturbed(world: World | None = None) -> Expected:
    """Hold the conversation once, in memory, and write down what to type and what is said."""
    return (await _undisturbed(world))[0]


async def _undisturbed(world: World | None = None) -> tuple[Expected, Case]:
    stores = memory_stores(real_clock)
    world = world or load_world(Settings())
    assistant = Assistant(world, stores.cases, stores.dead_letters, real_clock)
    identity = Identity("telegram", "1")
    said: list[str] = []
    script: list[str] = []

    async def take(text: str, button: Button | None = None) -> tuple[Button, ...]:
        handled = await assistant.handle(
            Inbound(
                identity,
                str(len(script)),
                real_clock(),
                text=None if button else text,
                button=button.value if button else None,
                label=button.label if button else None,
                locale="zh-CN",
            )
        )
        said.extend(reply.text for reply in handled.replies)
        script.append(text if button is None else f"[{button.label}]")
        return handled.replies[-1].buttons

    buttons = await take(START, Button(START, "cmd:resume"))
    script[0] = START  # typed, not pressed
    for text in FILING[1:]:
        for button in buttons:
            if button.value == "cmd:type_here":
                await take(button.label, button)
        buttons = await take(text)
    case = await assistant.case(identity)
    assert case.filing is not None and case.filing.events, "the filing was not handed in"
    texts = tuple(plain(text, case) for text in said)
    return Expected(texts, *history(case), script=tuple(script)), case


def plain(text: str, case: Case) -> str:
    """A message without the filing's random id."""
    return text.replace(case.filing.id, "{filing}").strip() if case.filing else text.strip()


def history(case: Case) -> tuple[tuple[tuple[str, str | None], ...], tuple[str, ...]]:
    """Every answer and event ever stored, in order."""
    filings = case.filings.values()
    answers = tuple((one.step, one.value) for filing in filings for one in filing.answers)
    events = tuple(str(one.type) for filing in filings for one in filing.events)
    return answers, events


async def file(person: Person, script: Sequence[str]) -> None:
    """Go through the script: each key once it is there, each text without waiting for long."""
    for line in script:
        await go_on(person, line)


async def go_on(person: Person, line: str) -> None:
    """One line of the script."""
    if line.startswith("["):
        await _press(person, line[1:-1])
    else:
        await person.say(line)
        await _heard(person.bot)


async def _press(person: Person, label: str) -> None:
    async with asyncio.timeout(_PATIENCE):
        while True:
            for message in reversed(await person.messages()):
                if any(key.label == label for key in message.buttons):
                    await person.press(message, label)
                    return
            await asyncio.sleep(_PAUSE)


async def _heard(bot: FakeBot) -> None:
    """Let the bot keep up: a stream of turns, not a flood."""
    await asyncio.sleep(_PAUSE)
    while len(bot.updates.waiting) > _AHEAD:
        await asyncio.sleep(_PAUSE)


def repeats(shown: Sequence[str], expected: Sequence[str]) -> int | None:
    """How many messages came once more; None if one is missing, changed or out of order."""
    place = again = 0
    for text in shown:
        if place < len(expected) and text == expected[place]:
            place += 1
        elif place and text == expected[place - 1]:
            again += 1
        else:
            return None
    return again if place == len(expected) else None
