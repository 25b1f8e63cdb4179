"""Write stored conversations of the present flow version, for tests of every later version.

Run once before a version is released: ``.venv/bin/python -m tools.flow_snapshot``. A file that
exists is left alone: conversations of a released version do not change any more.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.world import load_world
from dialogs.case import Answer
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.world import SHANGHAI, World
from tests.dialogs.talk import Talk, right_answer

FOLDER = Path(__file__).parents[1] / "tests" / "dialogs" / "flows"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)

PATHS: Mapping[str, Mapping[str, str]] = {
    "an enterprise with two responsible persons": {
        "site_manager_same": "no",
        "pre_approval": "publishing",
    },
    "an individual with a passport in Guangdong": {
        "subject_kind": "individual",
        "cert_type": "passport",
        "province": "广东",
    },
    "a public institution": {"subject_kind": "public_institution"},
    "a sole proprietor in another province": {
        "subject_kind": "sole_proprietor",
        "cert_number": "92510104MA6C8B3F70",
        "address": "四川省成都市武侯区人民南路1号",
    },
    "somebody with a server abroad": {"server_location": "overseas"},
    "somebody who refuses": {"consent_sensitive": "decline"},
}
SECOND_THOUGHTS = (
    ("edit:domain", "example-other.cn"),
    ("answer:domain_record:none", None),
    ("edit:cert_number", "91350100M000100Y43"),
    ("answer:subject_record:none", None),
)
"""What an enterprise that has answered everything changes afterwards."""


def main() -> None:
    """Write the file of the present version, unless there is one."""
    target = FOLDER / f"{FIRST_FILING.name}_v{FIRST_FILING.version}.jsonl"
    if target.exists():
        sys.exit(f"{target.name} exists; released versions are kept as they are")
    world = load_world(Settings(_env_file=None))
    lines = [json.dumps(one, ensure_ascii=False) for one in snapshots(world)]
    FOLDER.mkdir(exist_ok=True)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} answers in {target}")


def snapshots(world: World) -> Iterator[dict[str, Any]]:
    """Every answer of every path as stored, with where the conversation stood after it."""
    for name, own in PATHS.items():
        yield from _told(name, _walk(world, own))
    talk = Talk(world, NOW)
    talk.say("你好")
    yield from _told("an enterprise with second thoughts", _changing(talk))


def _walk(world: World, own: Mapping[str, str]) -> Iterator[Talk]:
    talk = Talk(world, NOW)
    talk.say("你好")
    yield from _answering(talk, own)


def _answering(talk: Talk, own: Mapping[str, str]) -> Iterator[Talk]:
    for _ in range(80):
        asking = talk.asking
        if asking is None or asking == "confirm" or talk.values.get(asking) == "decline":
            return
        value = own.get(asking) or right_answer(talk, asking)
        talk.press(f"answer:{asking}:{value}")
        if talk.asking == asking and talk.values.get(asking) != "decline":
            sys.exit(f"{value!r} does not answer {asking}: {talk.replies[-1].text}")
        yield talk
    raise AssertionError("the questions do not end")


def _changing(talk: Talk) -> Iterator[Talk]:
    yield from _answering(talk, {})
    for press, say in SECOND_THOUGHTS:
        talk.press(press)
        if say is not None:
            talk.say(say)
        yield talk


def _told(path: str, talks: Iterator[Talk]) -> Iterator[dict[str, Any]]:
    told = 0
    for talk in talks:
        filing = talk.case.filing
        assert filing is not None
        *before, last = filing.answers[told:]
        yield from (_stored(path, answer) for answer in before)
        yield _stored(path, last) | {"asking": talk.asking, "values": len(talk.values)}
        told = len(filing.answers)


def _stored(path: str, answer: Answer) -> dict[str, Any]:
    return {
        "path": path,
        "step": answer.step,
        "value": answer.value,
        "basis": answer.basis,
        "author": answer.author,
    }


if __name__ == "__main__":
    main()
