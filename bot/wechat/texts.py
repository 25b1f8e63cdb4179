"""The channel's own few sentences and its menu, from ``texts.toml``."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

DEFAULT = "zh-CN"


def say(key: str, locale: str | None, **values: str) -> str:
    """A sentence in the person's language; Chinese where it is not known."""
    text: str = _all().get(locale or DEFAULT, _all()[DEFAULT])[key]
    return text.format(**values)


def menu() -> Sequence[Mapping[str, Any]]:
    """The menu below the chat, as WeChat takes it; one for everybody, so in Chinese."""
    return [_button(one) for one in _all()[DEFAULT]["menu"]]


@cache
def menu_labels() -> Mapping[str, str]:
    """What stands on the menu, by what it presses."""
    lines = [line for one in _all()[DEFAULT]["menu"] for line in one.get("buttons", [one])]
    return {line["key"]: line["name"] for line in lines}


def _button(one: Mapping[str, Any]) -> Mapping[str, Any]:
    if "buttons" in one:
        return {"name": one["name"], "sub_button": [_button(line) for line in one["buttons"]]}
    return {"type": "click", "name": one["name"], "key": one["key"]}


@cache
def _all() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("bot.wechat") / "texts.toml").read_text(encoding="utf-8"))
