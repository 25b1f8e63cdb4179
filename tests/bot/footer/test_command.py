"""`beian footer check`, run as a program."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.parts.commands import COMMANDS

NUMBER = "苏ICP备2026000001号-1"
GOOD = (
    f"<p>示例</p><footer>版权所有 江苏示例科技有限公司 "
    f"<a href='https://beian.miit.gov.cn/'>{NUMBER}</a></footer>"
)


def run(home: Path, *arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    """Run it in a fresh home: status, output, errors."""
    done = COMMANDS.run(home, "footer", "check", "--province", "江苏", *arguments, given=given)
    return done.returncode, done.stdout, done.stderr


def test_a_right_page_is_ok(tmp_path: Path) -> None:
    status, told, _ = run(
        tmp_path, "--html", "-", "--filing-number", NUMBER, "--json",
        "--subject-name", "江苏示例科技有限公司", given=GOOD.encode("gbk"),
    )  # fmt: skip
    verdict: dict[str, Any] = json.loads(told)
    assert (status, verdict["ok"]) == (0, True)
    assert [set(one) for one in verdict["findings"]] == [{"code", "level", "message", "fix"}] * 3


def test_findings_are_no_failure_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>没有号</p>", encoding="utf-8")
    status, told, errors = run(tmp_path, "--html", "index.html", "--filing-number", NUMBER)
    assert (status, errors) == (0, "")
    assert told.startswith("✗ 首页没有找到备案号")
    assert '<a href="https://beian.miit.gov.cn/"' in told


@pytest.mark.parametrize(
    "arguments, status, code",
    [
        (("--html", "-", "--filing-number", "不知道"), 2, "filing_number.format"),
        (("--html", "-", "--filing-number", f"{NUMBER} 京ICP备2026000001号"), 2,
         "filing_number.several"),
        (("--html", "-", "--filing-number", NUMBER, "--police-number", "1"), 2,
         "police_number.format"),
        (("--html", "-", "--filing-number", NUMBER, "--province", "火星"), 2, "province"),
        (("--filing-number", NUMBER), 2, "one_source"),
        (("--html", "-", "--url", "example.cn", "--filing-number", NUMBER), 2, "one_source"),
        (("--html", "missing.html", "--filing-number", NUMBER), 1, "unreadable"),
        (("--url", "http://127.0.0.1/", "--filing-number", NUMBER), 1, "fetch_not_public"),
        (("--url", "ftp://example.cn/", "--filing-number", NUMBER), 1, "fetch_bad_url"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_said_in_both_ways(
    tmp_path: Path, arguments: tuple[str, ...], status: int, code: str
) -> None:
    got, told, errors = run(tmp_path, *arguments, "--json", given=GOOD.encode())
    verdict = json.loads(told)
    assert (got, verdict["ok"]) == (status, False)
    assert [one["code"] for one in verdict["findings"]] == [code]
    assert errors.startswith("beian: ") and "Traceback" not in errors
