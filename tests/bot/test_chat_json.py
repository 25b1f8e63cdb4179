"""`beian chat --json` as a program would drive it."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.parts.commands import COMMANDS, Begun
from tests.transcripts import Script, play, scripts


class Session:
    """A running `beian chat --json`, one line in, one line out."""

    def __init__(self, begun: Begun) -> None:
        self._begun = begun
        self.last: dict[str, Any] = {}

    async def send(self, line: str | dict[str, Any]) -> dict[str, Any]:
        """One line; fails if there is not exactly one answer."""
        text = line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
        answer = json.loads(self._begun.ask(text))
        assert isinstance(answer, dict)
        if "error" not in answer:
            self.last = answer
        return answer

    async def say(self, text: str) -> None:
        """Type."""
        await self.send({"say": text})

    async def press(self, value: str) -> None:
        """Press."""
        await self.send({"press": value})

    async def state(self) -> dict[str, Any]:
        """The state of the last answer."""
        state = self.last["state"]
        assert isinstance(state, dict)
        return state

    def end(self) -> int:
        """Close the input and wait."""
        return self._begun.ended()


def start(home: Path, *arguments: str) -> Session:
    """Start the command in a fresh home."""
    return Session(COMMANDS.begin(home, "chat", "--json", *arguments))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A conversation on a simulated clock."""
    started = start(tmp_path, "--at", "2026-11-24T09:00:00+08:00")
    yield started
    assert started.end() == 0


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.name[:40])
async def test_a_filing_is_completed_from_scripted_input(script: Script, tmp_path: Path) -> None:
    session = start(tmp_path, "--at", script.at.isoformat())
    state = await play(script, session)
    assert {"stage": state["stage"], **state["values"]}.items() >= script.expect.items()
    assert session.end() == 0


async def test_a_conversation_is_resumed_from_its_database(tmp_path: Path) -> None:
    database = ("--database", f"sqlite:///{tmp_path / 'kept.db'}")
    first = start(tmp_path, *database)
    for text in ("你好", "同意", "准备好了", "我们是公司"):
        await first.say(text)
    stood = await first.state()
    assert first.end() == 0
    again = start(tmp_path, *database)
    answer = await again.send({"show": "state"})
    assert (answer["state"]["asking"], answer["state"]["values"]) == (
        stood["asking"],
        stood["values"],
    )
    assert again.end() == 0


async def test_a_colleague_takes_over_and_hands_back(session: Session) -> None:
    await session.say("你好")
    taken = await session.send({"staff": {"take": "小李"}})
    assert taken["state"]["handover"] == "held"
    said = await session.send({"staff": {"say": "我来帮您。"}})
    assert [(one["by"], one["text"]) for one in said["replies"]] == [("客服小李", "我来帮您。")]
    assert (await session.send({"say": "谢谢"}))["replies"] == []
    back = await session.send({"staff": {"hand_back": True}})
    assert back["state"]["handover"] is None
    assert back["replies"][-1]["kind"] == "question"
    assert "error" in await session.send({"staff": {"say": "还有"}})


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "{}",
        '{"say": 3}',
        '{"advance": "tomorrow"}',
        '{"advance": "-PT1H"}',
        '{"event": {"type": "nothing"}}',
        '{"send_file": "/nowhere/at/all.png"}',
        '{"show": "everything"}',
        "[" * 5000,
        '"\\ud800"',
    ],
)
async def test_a_bad_line_gets_an_error_and_the_session_goes_on(
    session: Session, line: str
) -> None:
    answer = await session.send(line)
    assert list(answer) == ["error"]
    assert answer["error"]
    assert (await session.send({"say": "你好"}))["replies"]


async def test_an_answer_has_quiet_buttons_and_the_question_none(session: Session) -> None:
    await session.say("你好")
    answer, question = (await session.send({"say": "备案要多久"}))["replies"]
    assert [one["quiet"] for one in answer["buttons"]] == [True] * 3
    assert not any("quiet" in one for one in question["buttons"])


async def test_stage_events_move_the_filing_and_the_clock_moves_only_when_told(
    session: Session,
) -> None:
    await session.say("你好")
    before = (await session.state())["now"]
    await session.send({"advance": "P3DT2H"})
    assert (await session.state())["now"] > before
    answer = await session.send({"event": {"type": "withdrawn"}})
    assert answer["state"]["stage"] in ("draft", "withdrawn")


async def test_sensitive_values_are_masked_in_the_state(session: Session) -> None:
    for text in ("你好", "同意", "准备好了", "个人", "身份证", "同意", "11010519491231002X"):
        await session.say(text)
    values = (await session.state())["values"]
    assert values["cert_number"] == "**************002X"
    assert "11010519491231002X" not in json.dumps(session.last, ensure_ascii=False)


async def test_a_letter_is_shown_and_its_code_proves_the_address(session: Session) -> None:
    await session.say("你好")
    await session.say("提醒发到 tea@example-mail.cn")
    [letter] = session.last["mail"]
    assert (letter["to"], letter["subject"]) == ("tea@example-mail.cn", "备案助手验证码")
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", letter["text"])
    assert found is not None
    await session.say(found[0])
    assert "t***@example-mail.cn" in session.last["replies"][0]["text"]
    assert "mail" not in session.last


async def test_a_calendar_is_a_file(session: Session) -> None:
    await session.say("你好")
    await session.say("日历")
    [file] = session.last["replies"][0]["files"]
    calendar = await asyncio.to_thread(Path(file["path"]).read_text, encoding="utf-8")
    assert calendar.startswith("BEGIN:VCALENDAR")
