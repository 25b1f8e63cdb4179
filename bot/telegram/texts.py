"""The channel's own few sentences, from ``texts.toml``."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from bot.telegram.client import Command

DEFAULT = "zh-CN"
LANGUAGES = (("zh", "zh-CN"), (None, "en"))
"""Telegram's language codes of the menus with our locales; None is for everybody else."""


def say(key: str, locale: str | None, **values: str) -> str:
    """A sentence in the person's language; Chinese where the platform does not tell."""
    text: str = _texts(locale)[key]
    return text.format(**values)


def commands(locale: str) -> Sequence[Command]:
    """The menu in this locale, in the order shown."""
    return [Command(name, text) for name, text in _texts(locale)["commands"].items()]


def _texts(locale: str | None) -> dict[str, Any]:
    texts = _all()
    return texts.get(locale or DEFAULT, texts[DEFAULT])


@cache
def _all() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("bot.telegram") / "texts.toml").read_text(encoding="utf-8"))
