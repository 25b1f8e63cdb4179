"""Looks for the tests' made-up numbers of people in whatever each test leaves behind.

Every identity and phone number that stands in the tests is a canary. Once a test is over, its
log records and output, folders, metrics, mails, rows of PostgreSQL and what its commands said are
searched, and the test fails in which one can be read; when the run is over, so are the folders
that tests shared, temporary files and PostgreSQL's own with its write-ahead log.
``leaves_numbers("why")`` marks a test that writes such a number itself.
"""

import logging
import os
import re
import tempfile
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol
from zipfile import BadZipFile, ZipFile

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from bot.logs import Masking
from bot.metrics import Metrics
from tests.parts.folders import ROOT, is_worker, run_folder
from tests.parts.noted import NOTED, Left

MARK: Final = "leaves_numbers"

_NUMBER: Final = re.compile(
    rb"(?<![0-9A-Za-z])([1-9]\d{5}(?:18|19|20)\d{9}[0-9Xx]|1[3-9]\d{9})(?![0-9A-Za-z])"
)
_LENGTHS: Final = (11, 18)
_KINDS: Final = (".py", ".jsonl", ".json", ".toml", ".txt", ".md")
_DIGITS_ALONE: Final = bytes(
    byte if chr(byte) in "0123456789X" else ord("X") if byte == ord("x") else ord(" ")
    for byte in range(256)
)
_BETWEEN_DIGITS: Final = b"\0 -"
"""Left out, so that UTF-16 and ``138 0013 8000`` are read too."""


@cache
def canaries() -> frozenset[bytes]:
    """Every number of a person that stands in the tests, whoever it is made up for."""
    found = (
        number.upper()
        for path in sorted((ROOT / "tests").rglob("*"))
        if path.suffix in _KINDS
        for number in _NUMBER.findall(path.read_bytes())
    )
    return frozenset(found)


def numbers_in(content: bytes) -> set[str]:
    """The canaries that can be read in it, as UTF-8 or UTF-16, also in the midst of digits."""
    digits = content.translate(_DIGITS_ALONE, _BETWEEN_DIGITS)
    found: set[str] = set()
    for run in {run for run in digits.split() if len(run) >= _LENGTHS[0]}:
        for length in _LENGTHS:
            for start in range(len(run) - length + 1):
                if run[start : start + length] in canaries():
                    found.add(run[start : start + length].decode())
    return found


@dataclass(slots=True)
class Search:
    """What was searched and found, of one process or of a whole run."""

    looked_at: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def traces(self, left: Iterable[Left]) -> list[str]:
        """Where a number can be read in it."""
        lines: list[str] = []
        for one in left:
            self.looked_at[one.kind] += one.number
            self.looked_at["bytes"] += len(one.content)
            lines += (
                f"{number} can be read in {one.where}" for number in sorted(numbers_in(one.content))
            )
        return lines


class Records(logging.Handler):
    """Reads every record as the program would write it: its own unmasked, of libraries masked."""

    own: Final = ("bot", "desk", "storage", "scheduler", "dialogs", "knowledge", "filing")

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.lines: list[str] = []
        self._mask = Masking().mask

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it if a number can be read."""
        self.number += 1
        message = record.getMessage()
        if numbers_in(message.encode("utf-8", "replace")):
            shown = message if record.name.split(".")[0] in self.own else self._mask(message)
            self.lines.append(f"{record.name}: {shown}")

    def listen(self) -> None:
        """Hear all loggers from now on, whatever the test before did to them."""
        root = logging.getLogger()
        if self not in root.handlers:
            root.addHandler(self)
        root.setLevel(logging.DEBUG)


class Worker(Protocol):
    """What pytest-xdist says of a worker that ended."""

    config: pytest.Config
    workeroutput: dict[str, tuple[dict[str, int], list[str]]]


METRICS: Final[list[CollectorRegistry]] = []
"""Those made since the last test ended."""

FOLDERS: Final[list[Path]] = []
"""That of the test that runs."""

_RECORDS: Final = Records()
_SEARCHED: Final = pytest.StashKey[set[Path]]()
_SEARCH: Final = pytest.StashKey[Search]()


def files_below(folder: Path) -> Iterator[Left]:
    """Each file, and what is packed in it."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            if not path.is_file() or path.is_symlink():
                continue
            try:
                content = path.read_bytes()
            except OSError:  # a process that still ends takes its files with it
                continue
            where = str(path.relative_to(folder.parent))
            yield Left("files", where, content)
            if content.startswith(b"PK"):
                yield from _packed(where, content)


def _packed(where: str, content: bytes) -> Iterator[Left]:
    try:
        with ZipFile(BytesIO(content)) as packed:
            for name in packed.namelist():
                yield Left("packed files", f"{where}/{name}", packed.read(name))
    except (BadZipFile, OSError, RuntimeError, NotImplementedError):  # spoilt on purpose, locked
        return


def pytest_configure(config: pytest.Config) -> None:
    """Lets temporary files lie where they can be searched, and hears of all logs and metrics."""
    config.addinivalue_line("markers", f"{MARK}(why): this test itself writes a canary somewhere")
    config.stash[_SEARCHED] = set()
    config.stash[_SEARCH] = Search()
    if not is_worker(config):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
        scratch = run_folder() / "tmp"
        scratch.mkdir(exist_ok=True)
        os.environ["TMPDIR"] = str(scratch)
        tempfile.tempdir = None
    make = Metrics.__post_init__
    if make.__name__ == "__post_init__":

        def remembered(self: Metrics) -> None:
            make(self)
            METRICS.append(self.registry)

        Metrics.__post_init__ = remembered  # type: ignore[method-assign]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Keeps showing tests warnings only, though all is heard."""
    capturing = session.config.pluginmanager.get_plugin("logging-plugin")
    if capturing is not None:
        capturing.caplog_handler.setLevel(logging.WARNING)
        capturing.report_handler.setLevel(logging.WARNING)


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """The test's own folder, searched when the test is over."""
    FOLDERS.append(tmp_path)
    return tmp_path


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Hears the test's logs."""
    _RECORDS.listen()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fails the end of a test that left a canary behind."""
    report = yield
    if report.when != "teardown":
        return report
    item.config.stash[_SEARCHED].update(FOLDERS)
    found = item.config.stash[_SEARCH].traces(_left_by(report))
    mark = item.get_closest_marker(MARK)
    if mark is not None:
        reasoned = bool(mark.args) and isinstance(mark.args[0], str)
        found = [] if reasoned else [f"{MARK} needs a reason"]
    if found and report.passed:
        report.outcome = "failed"
        report.longrepr = "\n".join(("Numbers of people were left behind:", *found))
    return report


def _left_by(report: pytest.TestReport) -> Iterator[Left]:
    yield Left("tests", "", b"")
    for name, text in report.sections:
        if "log" not in name:  # which is heard whole, see Records
            yield Left("outputs", name, text.encode("utf-8", "replace"))
    log = "\n".join(_RECORDS.lines).encode("utf-8", "replace")
    yield Left("log records", "its log records", log, _RECORDS.number)
    yield from NOTED
    for one in METRICS:
        yield Left("pages of metrics", "its metrics", generate_latest(one))
    for folder in FOLDERS:
        yield from files_below(folder)
    for kept in (_RECORDS.lines, NOTED, METRICS, FOLDERS):
        kept.clear()
    _RECORDS.number = 0


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Searches what tests shared, and in the end what the whole run did; a find fails it."""
    config = session.config
    search, searched = config.stash[_SEARCH], config.stash[_SEARCHED]
    folders = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    shared = [one for one in folders.iterdir() if one not in searched]
    if not is_worker(config):
        shared = [one for one in shared if not one.name.startswith("popen-")]
        postgres = run_folder() / "pg"
        shared += [run_folder() / "tmp", postgres / "data", postgres / "log"]
    for folder in shared:
        if folder.is_dir() and not folder.is_symlink():
            search.found += search.traces(files_below(folder))
        elif folder.is_file():
            search.found += search.traces([Left("files", folder.name, folder.read_bytes())])
    if is_worker(config):
        config.workeroutput[MARK] = (dict(search.looked_at), search.found)  # type: ignore[attr-defined]
    elif search.found and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Worker) -> None:
    """Adds up what a worker searched and found."""
    if not hasattr(node, "workeroutput"):  # it died
        return
    looked_at, found = node.workeroutput[MARK]
    search = node.config.stash[_SEARCH]
    search.looked_at.update(looked_at)
    search.found += found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what was searched, and what was found beside what single tests left."""
    search = terminalreporter.config.stash[_SEARCH]
    counts = ", ".join(f"{number:,} {kind}" for kind, number in search.looked_at.items())
    terminalreporter.line(f"Searched for {len(canaries())} numbers of people: {counts}")
    if search.found:
        terminalreporter.section("Numbers of people were left behind", red=True)
        for line in search.found:
            terminalreporter.line(line)
