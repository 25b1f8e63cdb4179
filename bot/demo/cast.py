"""Who plays in the demonstration: what each answers, and what happens to them afterwards."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Scene(BaseModel):
    """One thing that happens ``after`` handing in.

    Said, told by the provider, done by staff at our desk, or by a servicer in WeCom.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: timedelta
    say: str | None = None
    event: Mapping[str, str] | None = None
    staff: Mapping[str, Any] | None = None
    servicer: Mapping[Literal["take", "say", "end"], str] | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Scene":
        things = (self.say, self.event, self.staff, self.servicer)
        if sum(one is not None for one in things) != 1:
            raise ValueError("a scene is one of say, event, staff and servicer")
        return self


class Part(BaseModel):
    """One person's part. Answers by step: several are several tries; interludes come before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    channel: Literal["web", "wechat", "wecom", "telegram"]
    locale: Literal["zh-CN", "en"]
    hello: str
    answers: Mapping[str, Annotated[list[str], Field(min_length=1)]]
    interludes: Mapping[str, str] = Field(default_factory=dict)
    scenes: tuple[Scene, ...] = ()


def read_cast() -> tuple[Part, ...]:
    """All parts, in the order in which the page shows them."""
    folder = files("bot.demo") / "cast"
    return tuple(
        Part.model_validate(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")))
        for name in ("web", "wechat", "wecom", "telegram")
    )
