"""The wording is complete, and a mistake in it is told with file, line and cure."""

from dataclasses import replace
from pathlib import Path

from dialogs.answers.text import Text
from dialogs.flow import Flow, Step
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.wording import load_wording
from dialogs.wording.validate import validate, validate_papers
from dialogs.world import World
from knowledge.errors import Problem


def told(folder: Path, locale: str, name: str, text: str) -> list[Problem]:
    """The problems in an operator's own file."""
    (folder / locale).mkdir(parents=True, exist_ok=True)
    path = folder / locale / name
    path.write_text(text, encoding="utf-8")
    return [one for one in validate(load_wording(folder), FIRST_FILING) if one.file == str(path)]


def test_our_own_wording_has_no_problem() -> None:
    assert validate(load_wording(), FIRST_FILING) == ()


def test_a_broken_template_is_told_with_its_line(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, "zh-CN", "buttons.toml", '# ours\nskip = "{{ oops"\n')
    assert problem.line == 2
    assert problem.cure == "mend the template"


def test_variables_that_differ_between_locales_are_told(tmp_path: Path) -> None:
    problems = told(tmp_path, "en", "messages.toml", 'progress = "{{ position }} done"\n')
    assert [problem.line for problem in problems] == [1]
    assert "section" in problems[0].message


def test_a_key_written_in_one_locale_only_is_told(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "buttons.toml").write_text('dance = "Dance"\n', encoding="utf-8")
    (problem,) = validate(load_wording(tmp_path), FIRST_FILING)
    assert "button.dance is missing" in problem.message
    assert "zh-CN" in problem.cure


def test_a_step_nobody_asks_is_told(tmp_path: Path) -> None:
    source = '[domain]\nask = "Which?"\n\n[shoe_size]\nlabel = "Shoes"\n'
    for locale in ("zh-CN", "en"):
        (tmp_path / locale).mkdir(exist_ok=True)
        (tmp_path / locale / "steps.toml").write_text(source, encoding="utf-8")
    problems = validate(load_wording(tmp_path), FIRST_FILING)
    assert {(Path(one.file).parent.name, one.line) for one in problems} == {("zh-CN", 5), ("en", 5)}


def test_a_step_without_wording_is_told_part_by_part() -> None:
    step = Step("shoe_size", Text(max_length=5), "subject")
    lonely = Flow("lonely", 1, (*FIRST_FILING.steps, step))
    problems = validate(load_wording(), lonely)
    missing = {problem.message.split()[0] for problem in problems}
    assert missing == {
        f"step.shoe_size.{part}" for part in ("label", "ask", "example", "why", "help")
    }


def test_a_variable_a_step_never_gets_is_told(tmp_path: Path) -> None:
    problems = told(tmp_path, "zh-CN", "steps.toml", '[domain]\nask = "{{ weather }}?"\n')
    assert any("weather" in problem.message and problem.line == 2 for problem in problems)


def test_an_empty_text_is_told(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, "zh-CN", "buttons.toml", 'skip = " "\n')
    assert problem.message == "the text is empty"


def test_files_that_are_no_toml_are_all_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "zh-CN").mkdir()
    for name in ("buttons.toml", "messages.toml"):
        (tmp_path / "zh-CN" / name).write_text("skip = \n", encoding="utf-8")
    problems = validate(load_wording(tmp_path), FIRST_FILING)
    assert sorted(Path(problem.file).name for problem in problems) == [
        "buttons.toml",
        "messages.toml",
    ]


def test_a_need_that_nobody_worded_is_a_problem(world: World) -> None:
    needs = world.materials.needs
    unknown = {**needs, "in_triplicate": replace(needs["seal"], code="in_triplicate")}
    rules = replace(world.materials, needs=unknown)
    found = validate_papers(load_wording(), rules)
    assert [one.file for one in found] == [
        "dialogs/wording/zh-CN/materials.toml",
        "dialogs/wording/en/materials.toml",
    ]
    assert all("in_triplicate" in one.message for one in found)
    assert validate_papers(load_wording(), world.materials) == ()
