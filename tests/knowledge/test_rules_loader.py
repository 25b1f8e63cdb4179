"""Rules files are read whole or refused with place and cure."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from filing.provinces import PROVINCES, Province
from filing.rulebook import Rule, Rulebook
from filing.subject import SubjectKind
from knowledge.errors import BrokenContent
from knowledge.rules_loader import PROVINCE_FILES, load_keys, load_rulebook, rule_problems

TODAY = date(2026, 11, 20)
Write = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write one file of an operator's rules and return the content folder."""

    def write_one(name: str, text: str) -> Path:
        file = tmp_path / "rules" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return tmp_path

    return write_one


def all_rules(rulebook: Rulebook) -> list[Rule]:
    local = (rule for name in PROVINCE_FILES for rule in rulebook.province_rules(name))
    return [*rulebook.national_rules(), *local]


def complaint(folder: Path) -> str:
    with pytest.raises(BrokenContent) as caught:
        load_rulebook(folder)
    return str(caught.value)


def test_the_shipped_rules_have_no_problem() -> None:
    assert rule_problems() == ()


def test_every_province_has_rules_of_its_own() -> None:
    rulebook = load_rulebook()
    for province in PROVINCES:
        rules = rulebook.province_rules(province.name)
        assert len(rules) >= 12, province.name
        assert {rule.province for rule in rules} == {province.name}


def test_every_rule_shipped_has_source_day_and_review() -> None:
    rules = all_rules(load_rulebook())
    assert len(rules) >= 800
    for rule in rules:
        assert rule.reviewed_on == date(2026, 11, 23)
        for version in rule.versions:
            assert version.source.title
            assert version.source.publisher
            assert date(1997, 1, 1) < version.valid_from <= rule.reviewed_on


def test_every_key_described_is_used() -> None:
    assert load_rulebook().keys == load_keys().keys()


@pytest.mark.parametrize("province", PROVINCES, ids=lambda province: province.english)
def test_what_the_checks_need_governs_everywhere(province: Province, shipped: Rulebook) -> None:
    rulebook, name = shipped, province.name
    for kind in SubjectKind:
        for key in ("min_age_years", "phone_number_area_rule", "footer_number_style"):
            assert rulebook.find(key, TODAY, province=name, subject=kind), (key, kind)
        leader = rulebook.find(
            "entity_leader_must_be_legal_rep", TODAY, province=name, subject=kind
        )
        assert (leader is not None) is kind.is_unit


def test_an_operator_replaces_a_shipped_rule(write: Write) -> None:
    folder = write(
        "provinces/jiangsu.toml",
        """
        province = "320000"
        [footer_copyright_required]
        reviewed_on = 2027-01-05
        [[footer_copyright_required.versions]]
        valid_from = 2020-01-01
        value = true
        source = { title = "A notice" }
        [[footer_copyright_required.versions]]
        valid_from = 2027-01-01
        repealed = true
        source = { title = "Another notice", article = "二" }
        """,
    )
    rulebook = load_rulebook(folder)
    key = "footer_copyright_required"
    assert rulebook.at(key, date(2026, 12, 31), province="江苏").source.title == "A notice"
    assert rulebook.at(key, date(2027, 1, 1), province="江苏").value is False
    untouched = rulebook.at("min_age_years", TODAY, province="江苏", subject="individual")
    assert untouched.number == 16
    assert rulebook.at(key, TODAY, province="浙江").value is False


def test_an_operator_adds_a_key_and_its_sentence(write: Write) -> None:
    write("keys.toml", '[tea_hours]\ndescription = "茶歇"\nunit = "hours"\nvalue = "int"\n')
    write(
        "statements.toml", '[tea_hours]\nzh-CN = "茶歇 {value} 小时"\nen = "Tea: {value} hours"\n'
    )
    folder = write(
        "national.toml",
        "reviewed_on = 2026-11-01\n[tea_hours]\nvalid_from = 2026-01-01\nvalue = 2\n"
        'source = { title = "House rules" }\n',
    )
    version = load_rulebook(folder).at("tea_hours", TODAY)
    assert (version.number, version.source.title) == (2, "House rules")
    assert rule_problems(folder) == ()


def test_a_rule_nobody_can_put_into_words_is_reported(write: Write) -> None:
    write("keys.toml", '[tea_hours]\ndescription = "茶歇"\nvalue = "int"\n')
    folder = write(
        "national.toml",
        "reviewed_on = 2026-11-01\n[tea_hours]\nvalid_from = 2026-01-01\nvalue = 2\n"
        'source = { title = "House rules" }\n',
    )
    assert "tea_hours" in "\n".join(map(str, rule_problems(folder)))


HEAD = "reviewed_on = 2026-11-01\n"
TAIL = 'source = { title = "A notice" }\n'


@pytest.mark.parametrize(
    "text, line, told",
    [
        (
            f"{HEAD}[review_working_days]\nvalue = 20\n{TAIL}",
            2,
            "a version needs 'valid_from', 'source' and either 'value'",
        ),
        (f"{HEAD}[review_days]\nvalid_from = 2020-01-01\nvalue = 20\n{TAIL}", 2, "did you mean"),
        (
            f"{HEAD}[review_working_days]\nvalid_from = 2020-01-01\nvalue = 'many'\n{TAIL}",
            4,
            "must be a whole number from 0 up, not 'many'",
        ),
        (
            f"{HEAD}[review_working_days]\nvalid_from = 2020-01-01T00:00:00Z\nvalue = 2\n{TAIL}",
            3,
            "'valid_from' must be a day",
        ),
        (
            f"{HEAD}[review_working_days]\nvalid_from = 2020-01-01\nvalue = 2\nsource = 'law'\n",
            5,
            "no source is called 'law'; add [sources.law]",
        ),
        (
            f"{HEAD}[review_working_days]\nvalid_from = 2020-01-01\nvalue = 2\n"
            "source = { article = '一' }\n",
            5,
            "a source needs a title",
        ),
        (
            f"[review_working_days]\nvalid_from = 2020-01-01\nvalue = 2\n{TAIL}",
            1,
            "nobody is said to have reviewed it",
        ),
        (
            f"{HEAD}[review_working_days]\nsubjects = ['firm']\nvalid_from = 2020-01-01\n"
            f"value = 2\n{TAIL}",
            3,
            "no subject is called 'firm'; did you mean",
        ),
        (
            f"{HEAD}[review_working_days]\nconfidence = 'sure'\nvalid_from = 2020-01-01\n"
            f"value = 2\n{TAIL}",
            3,
            "write 'high', 'medium' or 'low'",
        ),
        (
            f"{HEAD}[review_working_days]\nkind = 'rumour'\nvalid_from = 2020-01-01\n"
            f"value = 2\n{TAIL}",
            3,
            "write 'law' or 'practice'",
        ),
        (
            f"{HEAD}[review_working_days]\nvalid_form = 2020-01-01\nvalue = 2\n{TAIL}",
            3,
            "did you mean 'valid_from'?",
        ),
        (
            f"{HEAD}[[review_working_days.versions]]\nvalid_from = 2024-01-01\nvalue = 2\n{TAIL}"
            f"[[review_working_days.versions]]\nvalid_from = 2023-01-01\nvalue = 3\n{TAIL}",
            2,
            "sort them by 'valid_from'",
        ),
        (
            f"{HEAD}[sms_recipients]\nvalid_from = 2020-01-01\n"
            f"value = {{ first = ['me'] }}\n{TAIL}",
            4,
            "field 'first' must be one of principal, site_manager, not 'me'",
        ),
        (
            f"{HEAD}[sms_recipients]\nvalid_from = 2020-01-01\nvalue = {{ frist = [] }}\n{TAIL}",
            4,
            "has no field 'frist'; did you mean 'first'?",
        ),
        (
            f"{HEAD}[phone_number_area_rule]\nvalid_from = 2020-01-01\nvalue = ['江苏省']\n{TAIL}",
            4,
            "must be the short name of a province, not '江苏省'",
        ),
        (f"{HEAD}[review_working_days\n", 2, "not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_cure(
    write: Write, text: str, line: int, told: str
) -> None:
    problem = complaint(write("national.toml", text)).splitlines()[0]
    assert f"national.toml:{line}: " in problem
    assert told in problem


def test_all_mistakes_are_told_at_once(write: Write) -> None:
    write("national.toml", "[review_working_days]\n[sms_max_wrong]\n")
    folder = write("provinces/gansu.toml", 'province = "320000"\n')
    with pytest.raises(BrokenContent) as caught:
        load_rulebook(folder)
    told = str(caught.value)
    assert "[review_working_days]" in told
    assert "[sms_max_wrong]" in told
    assert 'write province = "620000"' in told


def test_two_rules_for_the_same_subjects_are_refused(write: Write) -> None:
    one = (
        f"[[review_working_days]]\nsubjects = ['unit']\nvalid_from = 2020-01-01\nvalue = 2\n{TAIL}"
    )
    assert "two rules are equally narrow for unit" in complaint(
        write("national.toml", HEAD + one + one)
    )


def test_two_rules_between_which_nothing_decides_are_refused(write: Write) -> None:
    both = "".join(
        f"[[review_working_days]]\nsubjects = {kinds}\nvalid_from = 2020-01-01\nvalue = 2\n{TAIL}"
        for kinds in (["government", "military"], ["government", "notary"])
    )
    assert "equally narrow for government" in complaint(write("national.toml", HEAD + both))


@pytest.mark.parametrize("name", ["nation.toml", "provinces/江苏.toml", "provinces/old/gansu.toml"])
def test_a_file_nobody_reads_is_reported(write: Write, name: str) -> None:
    assert "no file of this name is read" in complaint(write(name, HEAD))


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    assert "there is no such folder" in complaint(tmp_path / "nowhere")


def test_a_key_that_describes_no_value_is_reported(write: Write) -> None:
    folder = write("keys.toml", '[tea_hours]\ndescription = "茶歇"\nvalue = "hours"\n')
    assert "[tea_hours] does not describe a value" in complaint(folder)
