"""What a channel still takes, and why it takes nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.allowance import Allowance, load_channels
from dialogs.message import Reply, ReplyKind
from dialogs.ports import Entry
from knowledge.errors import BrokenContent

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHANNELS = load_channels()


def _talk(*lines: str) -> list[Entry]:
    """``>`` is heard, a status is of what was said; an hour apart, the last one now."""
    found = []
    for n, line in enumerate(lines):
        at = NOW - HOUR * (len(lines) - 1 - n)
        status, _, reason = line.partition(":")
        if line == ">":
            found.append(Entry(n, at, heard="你好"))
        else:
            reply = Reply(ReplyKind.ANSWER, "您好")
            found.append(Entry(n, at, said=reply, status=status, reason=reason or None))
    return found


def _code(allowance: Allowance, text: str = "您好", *sizes: int, at: datetime = NOW) -> str | None:
    refused = allowance.refusal(text, sizes, at)
    return refused.code if refused is not None else None


def test_wechat_takes_five_messages_within_48_hours() -> None:
    left = CHANNELS.allowance("wechat", _talk(">", "sent", "sent", "due"))
    assert left.left == 2
    assert left.closes_at == NOW - HOUR * 3 + timedelta(hours=48)
    assert _code(left) is None
    assert _code(left, "您好", 1, 1) == "none_left"
    assert _code(left, at=NOW + timedelta(hours=46)) == "window_closed"
    assert _code(CHANNELS.allowance("wechat", _talk(">", *["sent"] * 5))) == "none_left"
    assert CHANNELS.allowance("wechat", _talk(">", *["sent"] * 5, ">")).left == 5


def test_what_was_never_sent_uses_nothing_up() -> None:
    talk = _talk(">", "withdrawn", "undeliverable:refused", "sent")
    assert CHANNELS.allowance("wechat", talk).left == 4


def test_wechat_takes_nothing_before_somebody_wrote() -> None:
    assert _code(CHANNELS.allowance("wechat", ())) == "window_closed"


def test_who_blocked_us_is_not_written_to_until_they_write_again() -> None:
    blocked = _talk(">", "undeliverable:blocked")
    assert _code(CHANNELS.allowance("telegram", blocked)) == "blocked"
    assert _code(CHANNELS.allowance("telegram", _talk(">", "undeliverable:blocked", ">"))) is None
    assert _code(CHANNELS.allowance("telegram", _talk(">", "undeliverable:refused"))) is None


@pytest.mark.parametrize(
    "text, sizes, code",
    [
        ("  ", (), "empty"),
        ("", (1,), None),
        ("⟦域名⟧", (), "blanks"),
        ("长" * 12_001, (), "too_long"),
        ("您好", (51_000_000,), "file_too_big"),
    ],
)
def test_a_message_must_fit(text: str, sizes: tuple[int, ...], code: str | None) -> None:
    assert _code(CHANNELS.allowance("telegram", _talk(">")), text, *sizes) == code


@pytest.mark.parametrize(
    "text, told",
    [
        ("[telegram]\ntext = 0\nfile = 1", "desk/channels.toml:2: telegram: text is no number"),
        ("[telegram]\ntext = 1", "telegram: file is no number"),
        ("[telegram]\ntext = 1\nfile = 1\nwindow = 5", ":4: telegram: window needs hours"),
        ("[telegram]\ntext = 1\nfile = 1\nsize = 5", ":4: telegram: 'size' means nothing"),
        ("telegram = 1", "'telegram' is no table"),
    ],
)
def test_a_broken_file_is_told_with_place_and_cure(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "channels.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenContent) as broken:
        load_channels(tmp_path)
    assert told in str(broken.value)
