"""The inspector of pictures: takes them from the store, has them looked at, tells what was found.

Whatever goes wrong on the way (a worker that dies or hangs, a picture deleted meanwhile) is a
finding that staff look: the conversation goes on.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from pydantic import TypeAdapter, ValidationError

from bot.inspection.comparing import compared, with_code
from bot.inspection.licence_code import licence_code
from bot.inspection.pool import WorkerFailed, WorkerPool
from bot.inspection.showing import Shown
from bot.settings import Settings
from dialogs.ports import Inspection, Sought
from dialogs.world import World
from filing.finding import Level
from filing.materials.material import IDENTITY_KINDS, PictureFinding
from filing.materials.picture_code import PictureCode
from storage.errors import FileMissing, UnreadableRecord
from storage.ports import StoredFile

_log = logging.getLogger(__name__)

WORKER: Final = "bot.inspection.worker"


class Vault(Protocol):
    """Where pictures lie encrypted; ``storage.ports.Files`` in the program."""

    async def get(self, file_id: str) -> StoredFile:
        """A file by its id."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What a worker told of a picture."""

    width: int
    height: int
    findings: tuple[PictureFinding, ...]
    codes: tuple[str, ...]
    shown: Shown


_SEEN: Final = TypeAdapter(Seen)


@dataclass(frozen=True, slots=True)
class PictureInspector:
    """Looks at kept pictures in ``pool``. ``content`` is the operator's own folder, if any."""

    vault: Vault
    pool: WorkerPool
    formats: tuple[str, ...]
    max_bytes: int
    content: Path | None = None

    async def inspect(self, file_id: str, sought: Sought) -> Inspection:
        """Check a kept picture."""
        try:
            file = await self.vault.get(file_id)
            seen = await self._look(file.content, sought)
        except (FileMissing, UnreadableRecord, WorkerFailed, ValidationError) as fault:
            why = str(fault) if isinstance(fault, WorkerFailed) else type(fault).__name__
            _log.warning("a picture could not be checked: %s", why)
            return unchecked()
        code = licence_code(seen.codes)
        shows = with_code(seen.shown, code)
        read = {"number": code.number, "name": code.name} if code is not None else {}
        return Inspection(
            seen.width,
            seen.height,
            (*seen.findings, *compared(shows, code, sought)),
            kind=shows.kind,
            certificate=shows.certificate,
            side=shows.side,
            read={key: value for key, value in read.items() if value is not None},
        )

    async def stop(self) -> None:
        """End the workers."""
        await self.pool.stop()

    async def _look(self, content: bytes, sought: Sought) -> Seen:
        wanted = {
            "formats": self.formats,
            "max_bytes": self.max_bytes,
            "coloured": sought.kind in IDENTITY_KINDS,
        }
        given = {
            "wanted": wanted,
            "content": None if self.content is None else str(self.content),
        }
        return _SEEN.validate_python(await self.pool.ask(given, content))


def new_inspector(vault: Vault, world: World, settings: Settings) -> PictureInspector:
    """An inspector by what the provider takes and the operator set."""
    return PictureInspector(
        vault,
        WorkerPool(WORKER, settings.picture_workers, settings.picture_seconds),
        world.provider.picture_formats,
        world.provider.picture_max_megabytes * 10**6,
        settings.content,
    )


def unchecked() -> Inspection:
    """What is said of a picture nobody could look at: it is kept, and staff do."""
    return Inspection(0, 0, (PictureFinding(PictureCode.UNCHECKED, Level.WARN),))
