"""Uploaded files."""

import re
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Context
from dialogs.answers.open_answer import OpenAnswer
from filing.invalid import Invalid, invalid

_FILE_ID = re.compile(r"(?=.*\d)[A-Za-z0-9_\-]{16,128}")


@dataclass(frozen=True, slots=True)
class Upload(OpenAnswer):
    """A file the channel has stored; the value is its reference id."""

    name: ClassVar[str] = "upload"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """The reference id; words instead of a file are ``upload.expected``."""
        reference = text.strip()
        return reference if _FILE_ID.fullmatch(reference) else invalid("upload.expected")

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The id; masked, its last four characters."""
        return f"…{value[-4:]}" if masked else value
