"""The channel's own few sentences and its menu, from ``texts.toml``."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from bot.tencent.texts import DEFAULT, sentence, texts_of

_PACKAGE: Final = "bot.wechat"


def say(key: str, locale: str | None, **values: str) -> str:
    """A sentence in the person's language; Chinese where it is not known."""
    return sentence(_PACKAGE, key, locale, **values)


def menu() -> Sequence[Mapping[str, Any]]:
    """The menu below the chat, as WeChat takes it; one for everybody, so in Chinese."""
    return [_button(one) for one in texts_of(_PACKAGE)[DEFAULT]["menu"]]


def consent_words(locale: str) -> Mapping[str, str]:
    """What the page for consents says."""
    words: Mapping[str, str] = texts_of(_PACKAGE)[locale]["consents"]
    return words


@cache
def menu_labels() -> Mapping[str, str]:
    """What stands on the menu, by what it presses."""
    lines = [
        line for one in texts_of(_PACKAGE)[DEFAULT]["menu"] for line in one.get("buttons", [one])
    ]
    return {line["key"]: line["name"] for line in lines}


def _button(one: Mapping[str, Any]) -> Mapping[str, Any]:
    if "buttons" in one:
        return {"name": one["name"], "sub_button": [_button(line) for line in one["buttons"]]}
    return {"type": "click", "name": one["name"], "key": one["key"]}
