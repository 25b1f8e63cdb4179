"""The commands of `beian`, run as programs in a fresh home."""

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.locking import alone, in_use
from bot.settings import BrokenSettings
from tests.parts.commands import COMMANDS, Done


def run(home: Path, *arguments: str, given: str = "") -> Done:
    """Run a command."""
    return COMMANDS.run(home, *arguments, given=given.encode())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh, empty home."""
    return tmp_path


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands run elsewhere than in the checkout."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))


def test_check_finds_nothing_wrong_with_what_is_shipped(home: Path) -> None:
    done = run(home, "check")
    assert (done.returncode, done.stdout[:2]) == (0, "ok"), done.stderr
    assert all(line.startswith("warning: ") for line in done.stderr.splitlines())


def test_check_lists_every_problem_of_an_operators_content(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "wording" / "zh-CN").mkdir(parents=True)
    (home / "wording" / "zh-CN" / "messages.toml").write_text(
        'welcome = "{{ nobody_gives_this }}"\nno_such_message = "x"\n', encoding="utf-8"
    )
    (home / "rules").mkdir()
    (home / "rules" / "national.toml").write_text("[broken\n", encoding="utf-8")
    monkeypatch.setenv("BEIAN_CONTENT", str(home))
    done = run(home, "check")
    assert done.returncode == 1
    assert "messages.toml" in done.stderr
    assert "national.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_database_is_made_and_its_revision_shown(home: Path) -> None:
    assert run(home, "db", "current").stdout.strip() == "-"
    revision = run(home, "db", "upgrade").stdout.strip()
    assert run(home, "db", "current").stdout.strip() == revision != "-"


def test_the_master_key_is_readable_by_its_owner_only(home: Path) -> None:
    assert run(home, "agents", "list").returncode == 0
    mode = (home / "master.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_staff_are_added_listed_and_disabled(home: Path) -> None:
    added = run(home, "agents", "add", "wang", "--role", "supervisor")
    assert added.stdout.split()[:2] == ["wang", "supervisor"]
    assert len(added.stdout.split()[2]) >= 15
    again = run(home, "agents", "add", "wang")
    assert (again.returncode, again.stdout) == (1, "")
    assert run(home, "agents", "disable", "wang").returncode == 0
    assert run(home, "agents", "list").stdout.strip() == "wang supervisor disabled"
    assert run(home, "agents", "disable", "nobody").returncode == 1


def test_the_audit_trail_is_checked_and_written_out(home: Path) -> None:
    run(home, "agents", "add", "wang")
    run(home, "agents", "disable", "wang")
    verified = run(home, "audit", "verify").stdout
    assert verified.startswith("ok, 2 entries, newest checksum ")
    lines = [json.loads(line) for line in run(home, "audit", "export").stdout.splitlines()]
    assert [one["action"] for one in lines] == ["account_added", "account_disabled"]
    assert verified.split()[-1] == lines[-1]["mac"]
    assert run(home, "audit", "verify", "--head", lines[0]["mac"]).returncode == 0
    missing = run(home, "audit", "verify", "--head", "00")
    assert (missing.returncode, "taken off its end" in missing.stderr) == (1, True)


@pytest.mark.parametrize(
    "arguments, status",
    [
        (("export", "nothing-here"), 1),
        (("export", "x", "--output", "docx"), 2),
        (("erase", "nothing-here"), 1),
        (("chat", "--at", "yesterday"), 2),
        (("serve", "--role", "cook"), 2),
        (("nonsense",), 2),
    ],
)
def test_a_wrong_call_gets_one_sentence_and_its_status(
    home: Path, arguments: tuple[str, ...], status: int
) -> None:
    done = run(home, *arguments)
    assert done.returncode == status
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_filing_is_exported_masked_and_erased_for_good(home: Path) -> None:
    database = f"sqlite:///{home / 'beian.db'}"
    says = ["你好", "同意", "准备好了", "个人", "身份证", "同意", "11010519491231002X"]
    lines = "".join(json.dumps({"say": text}) + "\n" for text in says)
    chat = run(home, "chat", "--json", "--database", database, given=lines)
    filing = json.loads(chat.stdout.splitlines()[-1])["state"]["filing"]

    exported = run(home, "export", filing)
    data = json.loads(exported.stdout)
    assert data["filing"] == filing
    assert "11010519491231002X" not in exported.stdout
    assert [one["kind"] for one in data["consents"]] == ["processing", "sensitive"]
    assert "11010519491231002X" in run(home, "export", filing, "--full").stdout
    archive = home / "papers.zip"
    assert run(home, "export", filing, "--materials", str(archive)).returncode == 0
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert zipfile.ZipFile(archive).namelist() == ["manifest.json", "manifest.csv"]
    page = run(home, "export", filing, "--output", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "证件号码" in page

    assert b"11010519491231002X" not in (home / "beian.db").read_bytes()
    assert run(home, "erase", filing).stdout.strip() == "erased"
    assert run(home, "export", filing).returncode == 1


def test_how_reminding_stands_is_shown_to_operators_and_programs(home: Path) -> None:
    told = [{"say": "你好"}, {"event": {"type": "submitted_to_bureau"}}]
    given = "".join(f"{json.dumps(line)}\n" for line in told)
    url = f"sqlite:///{home / 'beian.db'}"
    chatted = run(home, "chat", "--json", "--database", url, given=given)
    assert json.loads(chatted.stdout.splitlines()[-1])["state"]["deadlines"]
    shown = json.loads(run(home, "deadlines", "--json").stdout)
    assert shown["planned"] > 0
    assert shown["at_risk"] > 0
    assert shown["tasks"] == 0
    assert "at risk" in run(home, "deadlines").stdout


def test_questions_are_answered_one_a_line(home: Path) -> None:
    given = '{"id": "a", "q": "备案要多久"}\nnonsense\n{"id": "b", "q": "今天天气怎么样"}\n'
    first, bad, last = map(json.loads, run(home, "ask", "--json", given=given).stdout.splitlines())
    assert (first["route"], first["id"]) == ("answer", "a")
    assert first["citations"]
    assert bad["error"]
    assert last["route"] == "fallback"


def test_understanding_is_explained_one_a_line(home: Path) -> None:
    given = (
        '{"id": "1", "context": "domain", "say": "https://www.Example.cn/index.html"}\n'
        "nonsense\n"
        '{"id": "2", "context": "no_such_step", "say": "x"}\n'
    )
    one, bad, unknown = map(
        json.loads, run(home, "understand", "--json", given=given).stdout.splitlines()
    )
    assert one == {
        "id": "1",
        "values": {"domain": "example.cn"},
        "intent": "answer",
        "invalid": None,
    }
    assert bad["error"]
    assert unknown["error"]


def test_a_question_without_an_answer_is_shown_and_answered_later(home: Path) -> None:
    database = f"sqlite+aiosqlite:///{home / 'beian.db'}"
    said = '{"say": "你好"}\n{"say": "今天黄金多少钱一克"}\n'
    assert run(home, "chat", "--json", "--database", database, given=said).returncode == 0
    [line] = run(home, "knowledge", "gaps", "--json").stdout.splitlines()
    gap = json.loads(line)
    assert (gap["gap"], gap["count"], gap["samples"]) == (1, 1, ["今天黄金多少钱一克"])
    assert "今天黄金多少钱一克" in run(home, "knowledge", "gaps").stdout
    assert run(home, "knowledge", "gaps", "--since", "2999-01-01").stdout.startswith("no gap")
    unknown = run(home, "knowledge", "answered", "G1", "gold")
    assert (unknown.returncode, "'gold'" in unknown.stderr) == (1, True)
    assert run(home, "knowledge", "answered", "G1", "fee").stdout == "told 1\n"
    again = run(home, "knowledge", "answered", "G1", "fee")
    assert (again.returncode, "no gap" in again.stderr) == (1, True)
    assert run(home, "knowledge", "answered", "first", "fee").returncode == 2


def test_a_rehearsal_leaves_nothing_in_the_temporary_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = home / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    done = run(home, "chat", "--json", given='{"say": "你好"}\n{"say": "进度"}\n')
    files = [
        file
        for line in done.stdout.splitlines()
        for reply in json.loads(line)["replies"]
        for file in reply["files"]
    ]
    assert files
    assert all(Path(file["path"]).is_relative_to(home.resolve()) for file in files)
    assert all(Path(file["path"]).read_bytes().startswith(b"\x89PNG") for file in files)
    assert list(temporary.iterdir()) == []


def test_whoever_reads_only_the_first_line_hears_no_complaint(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "chat", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "BEIAN_HOME": str(home)},
        cwd=home,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b'{"say": "hello"}\n')
        process.stdin.flush()
        assert process.stdout.readline().startswith(b'{"replies"')
        process.stdout.close()
        process.stdin.write(b'{"say": "hello"}\n' * 3)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_a_backup_is_made_checked_and_restored_elsewhere(home: Path) -> None:
    said = run(home, "backup", "create", "early")
    assert (said.returncode, "run `beian db upgrade`" in said.stderr) == (1, False)
    assert "there is no" in said.stderr  # nothing was ever begun here: not even a key
    run(home, "agents", "add", "xiaowang", "--role", "agent")
    made = run(home, "backup", "create", "monday")
    assert made.returncode == 0, made.stderr
    assert "0 files" in made.stdout
    assert run(home, "backup", "create", "monday").returncode == 1
    assert run(home, "backup", "verify", "monday").stdout.startswith("sound: made at ")
    other = home / "other"
    other.mkdir()
    refused = run(other, "backup", "restore", str(home / "monday"))
    assert "master key" in refused.stderr
    (other / "master.key").write_bytes((home / "master.key").read_bytes())
    (other / "master.key").chmod(0o600)
    done = run(other, "backup", "restore", str(home / "monday"))
    assert done.returncode == 0, done.stderr
    assert "xiaowang" in run(other, "agents", "list").stdout


def test_another_master_key_takes_the_place_of_the_one_before(home: Path) -> None:
    run(home, "agents", "add", "xiaowang", "--role", "agent")
    before = (home / "master.key").read_bytes()
    with in_use(home):
        refused = run(home, "keys", "rotate")
    assert (refused.returncode, "stop all processes first" in refused.stderr) == (1, True)
    done = run(home, "keys", "rotate")
    assert done.returncode == 0, done.stderr
    assert "1 entries of the audit trail" in done.stdout
    [kept] = home.glob("master.key.*")
    assert kept.read_bytes() == before != (home / "master.key").read_bytes()
    assert "xiaowang" in run(home, "agents", "list").stdout
    assert run(home, "audit", "verify").returncode == 0
    with alone(home), pytest.raises(BrokenSettings, match="wait until it is done"), in_use(home):
        pass
