"""The numbers behind "at risk" and "stuck" are the operator's."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from desk.limits import load_limits
from knowledge.errors import BrokenContent

SHIPPED = (files("desk") / "limits.toml").read_text(encoding="utf-8")


def _own(folder: Path, text: str) -> Path:
    (folder / "desk").mkdir()
    (folder / "desk" / "limits.toml").write_text(text, encoding="utf-8")
    return folder


def test_an_operators_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = SHIPPED.replace("urgent_hours = 6", "urgent_hours = 12")
    assert load_limits(_own(tmp_path, own)).urgent == timedelta(hours=12)
    assert load_limits().urgent == timedelta(hours=6)


@pytest.mark.parametrize(
    "wrong, right, said",
    [
        ("urgent_hours = 6", "urgent_hours = -6", "'urgent_hours' must be a whole number"),
        ("failures = 3", "failure = 3", "'failures' must be a whole number, and is missing"),
        ("[stuck]", "[stack]", "'stack' is not read here"),
        ("given_up_days = 30", "given_up_days = 1", "must not be less than 'silent_days'"),
    ],
)
def test_a_wrong_entry_is_named_with_its_line(
    tmp_path: Path, wrong: str, right: str, said: str
) -> None:
    assert wrong in SHIPPED
    with pytest.raises(BrokenContent) as refused:
        load_limits(_own(tmp_path, SHIPPED.replace(wrong, right)))
    assert said in str(refused.value)
    assert "desk/limits.toml" in str(refused.value)
