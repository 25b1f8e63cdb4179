"""What follows handing in, as conversations: read as lines, played as JSON lines of the command.

> 初审过了                       typed
* event:sms_received            pressed
! returned code=R08             told by the provider
+ PT25H                         time passes
= materials                     the stage afterwards
~ 上传                          some reply says so
- 两位                          no reply says so
? site_name                     the question then open (``none``: no question)
"""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Scene:
    """One line sent, and what must be true afterwards."""

    number: int  # of the line in the file
    send: str  # a line of `beian chat --json`
    checks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Play:
    """A conversation after handing in."""

    name: str
    locale: str
    answers: dict[str, str]  # other than the usual ones
    scenes: tuple[Scene, ...]


def plays() -> list[Play]:
    """All conversations, by file name."""
    return [read_play(path) for path in sorted(FOLDER.glob("*.txt"))]


def read_play(path: Path) -> Play:
    """One conversation. The first lines are ``# name``, ``# locale: …`` and ``# step: value``."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [line[1:].strip() for line in lines if line.startswith("#")]
    given = dict(head.split(": ", 1) for head in heads[1:] if ": " in head)
    return Play(heads[0], given.pop("locale", "zh-CN"), given, tuple(_scenes(lines)))


def _scenes(lines: list[str]) -> Iterator[Scene]:
    send, number, checks = "", 0, list[tuple[str, str]]()
    for place, line in enumerate(lines, start=1):
        mark, rest = line[:1], line[2:].strip()
        if mark in (">", "*", "!", "+"):
            if send:
                yield Scene(number, send, tuple(checks))
            send, number, checks = json.dumps(_sent(mark, rest), ensure_ascii=False), place, []
        elif mark in ("=", "~", "-", "?"):
            checks.append((mark, rest))
    if send:
        yield Scene(number, send, tuple(checks))


def _sent(mark: str, rest: str) -> dict[str, Any]:
    match mark:
        case ">":
            return {"say": rest}
        case "*":
            return {"press": rest}
        case "+":
            return {"advance": rest}
        case _:
            kind, *data = shlex.split(rest)
            return {"event": {"type": kind, **dict(one.split("=", 1) for one in data)}}


def failures(scene: Scene, answer: dict[str, Any]) -> list[str]:
    """Which checks of a scene its answer does not stand."""
    if "error" in answer:
        return [str(answer["error"])]
    state = answer["state"]
    said = "\n".join(reply["text"] for reply in answer["replies"])
    return [
        f"{mark} {wanted}" for mark, wanted in scene.checks if not _holds(mark, wanted, state, said)
    ]


def _holds(mark: str, wanted: str, state: dict[str, Any], said: str) -> bool:
    match mark:
        case "=":
            return bool(state["stage"] == wanted)
        case "?":
            return bool((state["asking"] or "none") == wanted)
        case _:
            return (wanted in said) is (mark == "~")
