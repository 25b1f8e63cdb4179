"""A missing part is never silently green."""

import pytest

pytest_plugins = ["pytester"]

TEST = """
from tests.parts.missing import give_up

def test_one():
    give_up("Teapot", "buy one")

def test_two():
    give_up("Teapot", "buy one")
"""


@pytest.fixture
def run(pytester: pytest.Pytester, pytestconfig: pytest.Config) -> pytest.Pytester:
    pytester.syspathinsert(pytestconfig.rootpath)
    pytester.makepyfile(TEST)
    return pytester


def test_at_home_it_is_named_at_the_end(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BEIAN_TEST_REQUIRE_ALL", raising=False)
    result = run.runpytest_subprocess("-p", "tests.parts.missing", "-q")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*Not tested here*", "Teapot (buy one): 2 tests"])


def test_where_all_parts_are_required_it_fails_the_run(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEIAN_TEST_REQUIRE_ALL", "1")
    result = run.runpytest_subprocess("-p", "tests.parts.missing", "-q")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["missing part: Teapot (buy one)", "2 failed*"])
