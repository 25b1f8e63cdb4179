"""What tests leave behind, to be searched for numbers of people by ``tests.parts.canaries``."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Left:
    """Some of it: ``kind`` as it is counted, ``where`` it was, ``number`` of these it holds."""

    kind: str
    where: str
    content: bytes
    number: int = 1


NOTED: Final[list[Left]] = []
"""What servers and processes were given or said since the last test ended."""


def note(kind: str, where: str, content: bytes, number: int = 1) -> None:
    """Let it be searched once the test is over."""
    NOTED.append(Left(kind, where, content, number))
