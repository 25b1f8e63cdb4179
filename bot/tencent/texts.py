"""The few sentences of the channels in WeChat themselves, each from a ``texts.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

DEFAULT: Final = "zh-CN"


def say(key: str, locale: str | None, **values: str) -> str:
    """A sentence both channels have, in the person's language; Chinese where it is not known."""
    return sentence("bot.tencent", key, locale, **values)


def sentence(package: str, key: str, locale: str | None, **values: str) -> str:
    """The same of the sentences beside a package."""
    all_ = texts_of(package)
    text: str = all_.get(locale or DEFAULT, all_[DEFAULT])[key]
    return text.format(**values)


@cache
def texts_of(package: str) -> Mapping[str, Mapping[str, Any]]:
    """All that stands in a package's file, by language."""
    return tomllib.loads((files(package) / "texts.toml").read_text(encoding="utf-8"))
