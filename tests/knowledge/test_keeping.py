"""How long answers are kept is data: with source, never longer than the shortest, refusable."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from filing.materials.retention import KeepingTime
from knowledge.errors import BrokenContent
from knowledge.keeping import load_keeping
from knowledge.provider import load_provider

PROVIDER = load_provider("qingcloud")
SHIPPED = (Path(__file__).parents[2] / "knowledge/privacy/keeping.toml").read_text("utf-8")


def own(tmp_path: Path, text: str) -> Path:
    """An operator's own content with this file."""
    (tmp_path / "privacy").mkdir()
    (tmp_path / "privacy" / "keeping.toml").write_text(text, "utf-8")
    return tmp_path


def days(keeping: KeepingTime) -> tuple[int, int]:
    """After the end, and idle."""
    return keeping.after_end.days, keeping.idle.days


def test_each_group_has_its_time_and_its_source() -> None:
    keeping = load_keeping(PROVIDER)
    assert {one.key for one in keeping.groups} == {"numbers", "contacts", "individuals", "remarks"}
    for one in keeping.groups:
        assert days(one.time) == (30, 90)
        assert "第十九条" in (one.source.article or "")
    assert keeping.shortest == timedelta(days=30)


def test_provider_and_operator_shorten_and_never_lengthen() -> None:
    keeping = load_keeping(replace(PROVIDER, keeping_days={"contacts": 7, "numbers": 400}))
    times = {one.key: days(one.time) for one in keeping.groups}
    assert (times["contacts"], times["numbers"]) == ((7, 90), (30, 90))
    capped = keeping.capped(KeepingTime(timedelta(days=10), timedelta(days=20)))
    times = {one.key: days(one.time) for one in capped.groups}
    assert (times["contacts"], times["numbers"]) == ((7, 20), (10, 20))


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("after_end_days = 30", "after_end_days = 31", "must be 1 to 30 days"),
        ("idle_days = 90", "idle_days = 0", "must be 1 to 90 days"),
        ('source = "pipl"', 'source = "hearsay"', "not among the file's sources"),
        ("individuals_only", "individual_only", "is not read here"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(BrokenContent) as refused:
        load_keeping(PROVIDER, own(tmp_path, SHIPPED.replace(old, new, 1)))
    assert said in str(refused.value)
    assert "privacy/keeping.toml:" in str(refused.value)


def test_a_provider_cannot_shorten_what_there_is_not() -> None:
    with pytest.raises(BrokenContent, match=r"there is no group 'phones'.*choose contacts"):
        load_keeping(replace(PROVIDER, keeping_days={"phones": 7}))


def test_a_profile_says_days_by_group(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "knowledge/providers/qingcloud.toml"
    (tmp_path / "providers").mkdir()
    for days_said, wrong in (("7", ""), ("0", "must be 1 day or more")):
        text = shipped.read_text("utf-8") + f"\n[keeping]\ncontacts = {days_said}\n"
        (tmp_path / "providers" / "shorter.toml").write_text(text, "utf-8")
        if wrong:
            with pytest.raises(BrokenContent, match=wrong):
                load_provider("shorter", tmp_path)
        else:
            assert load_provider("shorter", tmp_path).keeping_days == {"contacts": 7}
