"""The channel's own few sentences, from ``texts.toml``."""

from bot.tencent.texts import sentence


def say(key: str, locale: str | None, **values: str) -> str:
    """A sentence in the person's language; Chinese where it is not known."""
    return sentence("bot.wecom", key, locale, **values)
