"""What follows handing in, played through the JSON interface as a program would drive it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.chat_json import JsonChat
from bot.chatting import LOCAL
from bot.clock import SimulatedClock
from bot.settings import Settings
from bot.wiring import open_program
from dialogs.world import SHANGHAI
from tests.dialogs.talk import HAPPY
from tests.parts.commands import COMMANDS
from tests.transcripts.stages import Play, failures, plays

START = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
PLAYS = plays()


async def filled(chat: JsonChat, play: Play) -> None:
    """Answer every question by button and hand in."""
    answers = HAPPY | play.answers
    asking = (await chat.take('{"say": "你好"}'))["state"]["asking"]
    while asking != "confirm":
        line = json.dumps({"press": f"answer:{asking}:{answers[asking]}"})
        before, asking = asking, (await chat.take(line))["state"]["asking"]
        assert asking != before, f"{before} was not answered"
    await chat.take('{"press": "answer:confirm:confirm"}')


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.name[:40])
async def test_a_conversation_after_handing_in_goes_as_written(play: Play, tmp_path: Path) -> None:
    clock = SimulatedClock(START)
    settings = Settings(_env_file=None, home=tmp_path)
    async with open_program(settings, clock, in_memory=True) as program:
        chat = JsonChat.of(program, clock, LOCAL, play.locale)
        await filled(chat, play)
        for scene in play.scenes:
            answer: dict[str, Any] = {}
            async for line in chat.run([scene.send]):
                answer = json.loads(line)
            wrong = failures(scene, answer)
            said = [reply["text"] for reply in answer.get("replies", ())]
            assert not wrong, f"line {scene.number}: {scene.send}: {wrong}; said {said}"


def test_the_command_itself_plays_one_too(tmp_path: Path) -> None:
    play = PLAYS[0]
    presses = [
        {"press": f"answer:{step}:{value}"} for step, value in (HAPPY | play.answers).items()
    ]
    lines = [{"say": "你好"}, *presses, {"press": "answer:confirm:confirm"}]
    begin = [json.dumps(line, ensure_ascii=False) for line in lines]
    script = "\n".join([*begin, *(scene.send for scene in play.scenes)])
    done = COMMANDS.run(
        *(tmp_path, "chat", "--json", "--locale", play.locale, "--at", START.isoformat()),
        given=script.encode(),
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(answers) == len(begin) + len(play.scenes)
    for scene, answer in zip(play.scenes, answers[len(begin) :], strict=True):
        assert failures(scene, answer) == [], scene


def test_a_scene_that_goes_wrong_is_noticed() -> None:
    scene = PLAYS[0].scenes[0]
    answer = {"state": {"stage": "draft", "asking": None}, "replies": [{"text": ""}]}
    assert failures(scene, answer)
    assert failures(scene, {"error": "x"}) == ["x"]
