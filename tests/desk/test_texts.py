"""The texts of the desk: complete in every language, and none missing from a template."""

import re
from importlib.resources import files
from string import Formatter

import pytest
from jinja2 import nodes

from desk import rows
from desk.config import DeskConfig
from desk.deeds import Deed
from desk.navigation import ENTRIES
from desk.rendering import load_templates
from desk.staff import Role
from desk.steps import Step
from desk.wording import LOCALES, load_texts

TEXTS = load_texts()
CHINESE, ENGLISH = (TEXTS.by_locale[locale] for locale in LOCALES)
TEMPLATES = load_templates(TEXTS, DeskConfig())
NAMES = sorted(
    file.name for file in (files("desk") / "templates").iterdir() if file.name.endswith(".html")
)
IN_THE_OTHER_LANGUAGE = {"base.language"}


def test_every_text_stands_in_every_language() -> None:
    assert CHINESE.keys() == ENGLISH.keys()


def test_the_queue_names_every_kind_of_task_that_a_conversation_does() -> None:
    kinds = {
        key.removeprefix("conversation.kind_")
        for key in CHINESE
        if key.startswith("conversation.kind_")
    }
    assert {"corrected", "disputed", "return_unread"} <= kinds
    named = {key.removeprefix("queue.tasks.") for key in CHINESE if key.startswith("queue.tasks.")}
    assert named - {"other"} == kinds == rows.TASKS


def test_languages_agree_on_placeholders() -> None:
    differing = [
        key for key in CHINESE if _placeholders(CHINESE[key]) != _placeholders(ENGLISH[key])
    ]
    assert differing == []


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_english_text_holds_chinese_but_the_name_of_the_language() -> None:
    chinese = {key for key, text in ENGLISH.items() if re.search(r"[\u4e00-\u9fff]", text)}
    assert chinese == IN_THE_OTHER_LANGUAGE


@pytest.mark.parametrize("name", NAMES)
def test_every_text_a_template_says_is_there(name: str) -> None:
    tree = TEMPLATES.environment.parse((files("desk") / "templates" / name).read_text("utf-8"))
    said = [
        call.args[0].value
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name == "t"
        and isinstance(call.args[0], nodes.Const)
    ]
    assert [key for key in said if key not in CHINESE] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_template_marks_a_value_as_safe_or_holds_a_script(name: str) -> None:
    source = (files("desk") / "templates" / name).read_text("utf-8")
    assert not re.search(r"\|\s*safe|Markup|autoescape false|\sstyle=|\son\w+=", source)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source) if "json" not in tag)


def test_what_code_names_is_said() -> None:
    named = (
        {f"nav.{entry.name}" for entry in ENTRIES}
        | {f"roles.{role}" for role in Role}
        | {f"audit.deed.{deed}" for deed in Deed}
        | {f"refusal.step_{step}" for step in Step}
    )
    assert named <= CHINESE.keys()
