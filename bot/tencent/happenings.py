"""What people do on either platform, and how its fields are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.message import Inbound


@dataclass(frozen=True, slots=True)
class Said:
    """A message for the assistant."""

    inbound: Inbound


@dataclass(frozen=True, slots=True)
class Tapped:
    """A line of a menu message; ``data`` is what stood behind it."""

    inbound: Inbound
    data: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to do; ``reason`` is counted."""

    reason: str


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """A field that is a text; empty if it is none."""
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""
