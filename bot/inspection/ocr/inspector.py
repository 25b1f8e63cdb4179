"""An inspector that reads as well: what the paper says, and whether it is the one sought."""

import logging
from dataclasses import dataclass, replace
from typing import Final

from bot.inspection.inspector import Vault
from bot.inspection.ocr.comparing import compared
from bot.inspection.ocr.reading import NOTHING, Reading
from bot.inspection.ocr.worker import PaperReader, is_installed
from bot.settings import Settings
from dialogs.ports import Inspection, Inspector, Sought
from filing.finding import Level
from filing.materials.material import IDENTITY_KINDS
from filing.materials.picture_code import PictureCode
from storage.errors import FileMissing, UnreadableRecord

_log = logging.getLogger(__name__)


_READ_ALL_THE_SAME: Final = frozenset(
    {
        PictureCode.GREYSCALE,
        PictureCode.PHOTOCOPY,
        PictureCode.SIDEWAYS,
        PictureCode.WATERMARK,
        PictureCode.FORMAT_UNUSUAL,
        PictureCode.TOO_MANY_BYTES,
        PictureCode.CORNERS_CUT,
    }
)
"""Faults for which a picture is refused, but that leave its words legible."""


@dataclass(frozen=True, slots=True)
class ReadingInspector:
    """Has ``inner`` look at a picture and, where it will do, reads the paper on it.

    Letters and the like are not read: they hold nothing to fill in.
    """

    inner: Inspector
    vault: Vault
    reader: PaperReader

    async def inspect(self, file_id: str, sought: Sought) -> Inspection:
        """Check and read a kept picture."""
        seen = await self.inner.inspect(file_id, sought)
        if sought.kind is not None and sought.kind not in IDENTITY_KINDS:
            return seen
        if any(
            one.level is Level.REFUSE and one.code not in _READ_ALL_THE_SAME
            for one in seen.findings
        ):
            return seen
        reading = await self._read(file_id, sought)
        if reading == NOTHING:
            return seen
        known = {one.code for one in seen.findings}
        found = (one for one in compared(reading, sought) if one.code not in known)
        return replace(
            seen,
            findings=(*seen.findings, *found),
            kind=reading.kind or seen.kind,
            certificate=reading.certificate or seen.certificate,
            side=reading.side or seen.side,
            valid_until=reading.valid_until or seen.valid_until,
            read=reading.read,
        )

    async def _read(self, file_id: str, sought: Sought) -> Reading:
        try:
            file = await self.vault.get(file_id)
        except (FileMissing, UnreadableRecord) as fault:
            _log.warning("a picture to be read is not there: %s", type(fault).__name__)
            return NOTHING
        return await self.reader.read(file.content, sought.today)

    async def stop(self) -> None:
        """End the reader."""
        await self.reader.stop()


def with_reading(inner: Inspector, vault: Vault, settings: Settings) -> ReadingInspector | None:
    """An inspector that reads as well; None where that is not installed, or not wanted."""
    if not settings.read_papers or not is_installed():
        return None
    return ReadingInspector(inner, vault, PaperReader())
