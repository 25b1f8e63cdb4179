"""A part that cannot be had here is reported by name when the tests end, or fails the run."""

import os
from collections import Counter
from typing import NoReturn

import pytest

MARK = "missing part: "


def required() -> bool:
    """Whether this run must have every part, as in CI (BEIAN_TEST_REQUIRE_ALL=1)."""
    return os.environ.get("BEIAN_TEST_REQUIRE_ALL") == "1"


def give_up(part: str, cure: str) -> NoReturn:
    """Ends a test whose part is missing: a failure where all are required, else a named gap."""
    reason = f"{MARK}{part} ({cure})"
    if required():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Lists the gaps after the results, with how many tests each of them cost."""
    gaps = Counter(
        report.longrepr[2].partition(MARK)[2]
        for report in terminalreporter.getreports("skipped")
        if isinstance(report.longrepr, tuple) and MARK in report.longrepr[2]
    )
    if not gaps:
        return
    terminalreporter.section("Not tested here", yellow=True)
    for gap, tests in sorted(gaps.items()):
        terminalreporter.line(f"{gap}: {tests} {'test' if tests == 1 else 'tests'}")
