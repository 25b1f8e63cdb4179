"""A person's numbers go through the whole program, and stand nowhere in plain text afterwards."""

import base64
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from tests.dialogs.talk import HAPPY
from tests.parts.commands import COMMANDS

ID_NUMBER, PHONE, NAME = "11010519491231002X", "13912345678", "欧阳金丝雀"
MAIL = "canary.person@example.cn"
CANARIES = (ID_NUMBER, PHONE, NAME, MAIL)
"""Made up; they stand nowhere in the program or its content."""


@contextmanager
def serving(home: Path, log: Path) -> Iterator[str]:
    """The address of a `beian serve` with its finest logs, and temporary files of its own.

    Killed at the end, as by a crash: nothing is tidied up.
    """
    scratch = home / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    settings = {"BEIAN_LOG_LEVEL": "DEBUG", "BEIAN_CHECK_PAGES": "false", "TMPDIR": str(scratch)}
    with (
        log.open("ab") as written,
        COMMANDS.begin(home, "serve", "--port", "0", complaints=written, **settings) as process,
    ):
        found = re.search(r"web chat +(http://[\d.:]+)", process.reads())
        assert found, "it ended before it listened"
        yield found[1]


def forms_of(canary: str) -> set[bytes]:
    """How a value could stand somewhere."""
    texts = {canary, quote(canary), json.dumps(canary)[1:-1]}
    plain = {text.encode() for text in texts}
    return plain | {canary.encode("utf-16-le"), base64.b64encode(canary.encode())[:-4]}


def traces(places: list[Path]) -> list[str]:
    """Where a canary can be read."""
    return [
        f"{canary} in {place.name}"
        for place in places
        for content in [place.read_bytes()]
        for canary in CANARIES
        if any(form in content for form in forms_of(canary))
    ]


def test_a_whole_filing_leaves_no_number_in_logs_metrics_database_or_backup(
    tmp_path: Path,
) -> None:
    home, log, seen = tmp_path / "home", tmp_path / "log", tmp_path / "metrics"
    told: list[str] = []
    with serving(home, log) as url, httpx.Client(base_url=url, timeout=60) as client:
        client.get("/")
        _file(client, told)
        for path in (f"/form/{ID_NUMBER}", f"/api/v1/{PHONE}", f"/calendar/{PHONE}.ics"):
            client.get(path)
        client.post("/api/v1/chat/messages", content=f'{{"id": "{ID_NUMBER}", "te'.encode())
        client.post("/api/v1/chat/messages", json={"id": PHONE, "text": ID_NUMBER})
        seen.write_bytes(client.get("/metrics").content)
    assert any(ID_NUMBER[-4:] in line or NAME in line for line in told), "it got nowhere"
    with serving(home, log) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert client.get("/readyz").status_code == 200
        with seen.open("ab") as more:
            more.write(client.get("/metrics").content)
    made = COMMANDS.run(
        *(home, "backup", "create", str(tmp_path / "copy.beian")), BEIAN_LOG_LEVEL="DEBUG"
    )
    log.write_bytes(log.read_bytes() + f"{made.stdout}{made.stderr}".encode())
    assert made.returncode == 0, made.stderr
    places = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert {"beian.db", "log", "metrics", "copy.beian"} <= {one.name for one in places}
    assert traces(places) == []


def _file(client: httpx.Client, told: list[str]) -> None:
    """An individual answers everything, with the canaries where they belong."""
    answers = HAPPY | {
        "subject_kind": "individual",
        "cert_type": "id_card",
        "cert_number": ID_NUMBER,
        "subject_name": NAME,
        "principal_name": NAME,
        "principal_id_number": ID_NUMBER,
        "phone": PHONE,
        "email": MAIL,
    }
    said = _say(client, button="cmd:resume", label="x")
    for _ in range(40):
        told += [str(reply["text"]) for reply in said]
        step = str(said[-1]["step"]) if said else "confirm"
        if step == "confirm":
            break
        buttons = [str(one["value"]) for reply in said for one in reply["buttons"]]
        offered = [one for one in buttons if one.startswith(f"answer:{step}:")]
        wanted = f"answer:{step}:{answers.get(step)}"
        if offered:
            said = _say(client, button=wanted if wanted in offered else offered[0], label="x")
        else:
            said = _say(client, text=answers.get(step, "无"))
    for text in (f"我的身份证是{ID_NUMBER}，手机{PHONE}", f"{NAME}能改成别人吗？", MAIL):
        told += [str(reply["text"]) for reply in _say(client, text=text)]


def _say(client: httpx.Client, **what: str) -> list[dict[str, Any]]:
    """One message and what was said to it, each with its step; waits as long as told to."""
    while True:
        answer = client.post("/api/v1/chat/messages", json={"id": str(uuid4()), **what})
        if answer.status_code != 429:
            break
        time.sleep(float(answer.headers["retry-after"]))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    step = next((one["step"] for one in reversed(body["entries"]) if one.get("step")), "confirm")
    return [{**reply, "step": step} for reply in body["replies"]]


@pytest.mark.leaves_numbers("it writes them to be found")
def test_a_number_left_somewhere_is_seen(tmp_path: Path) -> None:
    for number, form in enumerate(forms_of(NAME) | forms_of(ID_NUMBER)):
        (tmp_path / f"{number}").write_bytes(b"before" + form + b"after")
        assert traces([tmp_path / f"{number}"])
    (tmp_path / "clean").write_bytes(b"**************002X")
    assert traces([tmp_path / "clean"]) == []
