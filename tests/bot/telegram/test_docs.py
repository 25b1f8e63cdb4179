"""The examples in the docs are programs, and name only what there is."""

import ast
import re

import pytest

from bot.settings import Settings
from bot.telegram.texts import commands
from tests.parts.folders import ROOT

PAGE = (ROOT / "docs" / "telegram.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=["aiogram", "ptb"])
def test_an_example_can_be_loaded_and_has_a_main(example: str) -> None:
    names: dict[str, object] = {"__name__": "example"}
    exec(compile(example, "docs/telegram.md", "exec"), names)
    assert callable(names["main"])
    modules = {name: value for name, value in names.items() if hasattr(value, "__file__")}
    for node in ast.walk(ast.parse(example)):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in modules:
                assert hasattr(modules[module], name)


def test_every_setting_named_exists() -> None:
    named = set(re.findall(r"BEIAN_([A-Z_]+)", PAGE))
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_every_command_of_the_menu_is_listed() -> None:
    for locale in ("zh-CN", "en"):
        for command in commands(locale):
            assert f"`/{command.name}`" in PAGE
