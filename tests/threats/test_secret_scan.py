"""A key that slipped into a file is found, and an audit that could not ask says so."""

import json
from pathlib import Path

import pytest

from tools.audit import Asked, read, verdict
from tools.secret_scan import found_in, known

PLANTED = {
    "key.py": "KEY = '''-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\n'''\n",
    "bot.toml": 'token = "' + "110201543:" + "AAHdqTcvCH1vGWJx" + "fSeofSAs0K5PALDsawq" + '"\n',
    "cloud.yaml": "key: AKIA" + "IOSFODNN7EXAMPLQ\n",
    "database.md": "postgresql://beian:" + "hunter2secret@db.example.cn/beian\n",
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_secret_is_found_and_unknown(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(PLANTED[name])
    found = found_in([tmp_path / name])
    assert found
    assert not found.keys() & known()


def test_plain_words_are_no_secret(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("用户名或密码不对。The password is never shown.\n")
    assert found_in([tmp_path / "a.md"]) == {}


WEAK = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": [], "description": ""}


@pytest.mark.parametrize(
    "out, err, status",
    [
        (json.dumps({"dependencies": [{"name": "a", "version": "1", "vulns": []}]}), "", 0),
        (json.dumps({"dependencies": [{"name": "a", "version": "1", "vulns": [WEAK]}]}), "", 1),
        (json.dumps({"dependencies": [{"name": "a", "skip_reason": "unknown"}]}), "", 2),
        ("", "ConnectionError: no route\n", 2),
        ("", "", 2),
    ],
)
def test_who_could_not_ask_does_not_say_that_all_is_well(out: str, err: str, status: int) -> None:
    asked = read(out, err)
    assert verdict([asked]) == status
    assert (status == 2) is bool(asked.trouble)


def test_a_weakness_weighs_more_than_a_network_that_is_away() -> None:
    assert verdict([Asked(trouble="away"), Asked(1, ("a 1: PYSEC-1",))]) == 1
