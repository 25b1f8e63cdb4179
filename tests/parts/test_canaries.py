"""A number planted in any place is found, and fails the test that left it there."""

import shutil

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.parts.canaries import canaries, numbers_in
from tests.parts.folders import ROOT
from tests.parts.noted import NOTED
from tests.parts.postgres import note_rows

PLANTED = """
import logging, pytest, sys, zipfile
from bot.metrics import Metrics
from tests.parts.noted import note

NUMBER = "".join(("138", "0013", "8000"))

def test_log(): logging.getLogger("bot").debug("who wrote: %s", NUMBER)
def test_error(): logging.getLogger("bot.x").warning("%s", ValueError(NUMBER))
def test_embedded(): logging.getLogger("httpx").info("it is masked unless in digits: 99%s1", NUMBER)
def test_masked_log(): logging.getLogger("httpx").debug("GET /%s", NUMBER)
def test_output(): print(f"<{NUMBER}>")
def test_errors(): sys.stderr.write(NUMBER)
def test_file(tmp_path): (tmp_path / "a.db").write_bytes(b"x1" + NUMBER.encode() + b"\\0")
def test_wide(tmp_path): (tmp_path / "a").write_bytes(NUMBER.encode("utf-16-le"))
def test_metrics(): Metrics().refused("web", NUMBER)
def test_mail(): note("mails", "a mail", f"Tel: {NUMBER}".encode())
def test_spaced(tmp_path): (tmp_path / "a").write_text("138 0013-8000")
def test_packed(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("b", NUMBER)
@pytest.mark.leaves_numbers
def test_unreasoned(): pass

@pytest.mark.leaves_numbers("it is what this test is about")
def test_reasoned(): print(NUMBER)
def test_masked(tmp_path): (tmp_path / "a").write_text("*******8000, 1380013800")

@pytest.fixture(scope="module")
def shared(tmp_path_factory): return tmp_path_factory.mktemp("shared")
def test_shared(shared): (shared / "a").write_text(NUMBER)
"""


@pytest.mark.leaves_numbers("what the planted tests left is shown")
def test_a_planted_number_fails_the_test_that_left_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    pytester.makepyfile(test_planted=PLANTED)
    plugins = ("-p", "tests.parts.folders", "-p", "tests.parts.canaries")
    ended = pytester.runpytest_subprocess(*plugins, f"--basetemp={pytester.path / 'left'}")
    shutil.rmtree(pytester.path)
    ended.assert_outcomes(passed=16, errors=12)
    texts = ("log", "error", "embedded", "output", "errors", "metrics", "mail", "unreasoned")
    for where in (*texts, "file", "wide", "spaced", "packed"):
        ended.stdout.fnmatch_lines_random([f"ERROR test_planted.py::test_{where} - *"])
    ended.stdout.fnmatch_lines(["13800138000 can be read in shared0/a"])


def test_the_tests_own_numbers_are_canaries() -> None:
    assert {b"13800138000", b"11010519491231002X"} <= canaries()
    assert numbers_in(b'{"id":"11010519491231002x","n":"913800138000"}') == {
        "11010519491231002X",
        "13800138000",
    }
    assert numbers_in(b"**************002X, 1380013, 8000") == set()


@pytest.mark.leaves_numbers("the rows are there to be found, in no log of the server")
async def test_every_row_of_postgresql_is_read(empty_postgres_url: str) -> None:
    engine = create_async_engine(empty_postgres_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE UNLOGGED TABLE papers (words text, bytes bytea)"))
        row = {"words": "Tel. 13800138000", "bytes": b"\0\x8811010519491231002X\xff"}
        await connection.execute(text("INSERT INTO papers VALUES (:words, :bytes)"), [row, row])
    await engine.dispose()
    await note_rows(empty_postgres_url)
    left = NOTED.pop()
    assert left.number == 2
    assert numbers_in(left.content) == {"13800138000", "11010519491231002X"}
