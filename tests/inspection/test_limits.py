"""Limits are data: an operator's own replace ours, and a broken file says what to do."""

from pathlib import Path

import pytest

from bot.inspection.limits import MEASURED, NAME, load_limits
from filing.finding import Level
from filing.materials.picture_code import PictureCode
from knowledge.errors import BrokenContent


def test_every_measured_fault_has_limits() -> None:
    limits = load_limits()
    assert set(limits.of) == set(MEASURED)
    blur = limits.of[PictureCode.BLURRED]
    assert blur.warn is not None and blur.refuse is not None
    assert blur.level(blur.warn - 0.1) is None
    assert blur.level(blur.warn) is Level.WARN
    assert blur.level(blur.refuse) is Level.REFUSE
    dark = limits.of[PictureCode.DARK]
    assert dark.level(200) is None
    assert dark.level(10) is Level.REFUSE


def test_an_operators_figures_replace_ours(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("[blurred]\nwarn = 9\nrefuse = 12\n", encoding="utf-8")
    limits = load_limits(tmp_path)
    assert limits.of[PictureCode.BLURRED].level(8) is None
    assert limits.of[PictureCode.DARK] == load_limits().of[PictureCode.DARK]


@pytest.mark.parametrize(
    "text, told",
    [
        ("[blurry]\nwarn = 1\n", "inspection.toml:1: [blurry]: no check is called so"),
        ("\n[blurred]\nwarn = 9\nrefuse = 2\n", "inspection.toml:2: [blurred]: refuses before"),
        ('[dark]\nwarn = "much"\n', "inspection.toml:1: [dark]: needs numbers"),
        ('[dark]\nworse = "brighter"\n', 'inspection.toml:1: [dark]: worse is missing; write "hi'),
        ('[outline]\nleast_fit = "good"\n', "inspection.toml:1: [outline]: least_fit is no number"),
        ("[dark\n", "inspection.toml: not TOML"),
    ],
)
def test_a_broken_file_says_where_and_what_to_do(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(BrokenContent) as refusal:
        load_limits(tmp_path)
    assert told in str(refusal.value)
