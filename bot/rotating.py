"""`beian keys rotate`: another master key for everything."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from bot.clock import real_clock
from bot.locking import alone
from bot.settings import BrokenSettings, Settings
from storage.crypto import MasterKey
from storage.errors import MissingKey
from storage.rotation import Rotated
from storage.rotation import rotate as seal_anew


@dataclass(frozen=True, slots=True)
class Changed:
    """What was done; None if it had been done before. ``kept`` is where the old key lies."""

    rotated: Rotated | None
    new_id: str
    kept: Path | None


def rotate(settings: Settings, new_file: Path | None) -> Changed:
    """Seal everything with another key, made where there is none.

    With a key file in the home, the new one takes its place and the old one stays beside it: older
    backups need it. With a key in a variable, the new one lies in ``new_file``, to be set by hand.
    May be repeated where it was interrupted.
    """
    home = settings.home
    if settings.master_key is not None:
        if new_file is None:
            raise BrokenSettings("BEIAN_MASTER_KEY is set: name a file for the new key with --to")
        old = MasterKey.from_text(settings.master_key.get_secret_value())
        new = MasterKey.from_file(new_file)
        with alone(home):
            return Changed(_seal(settings, old, new), new.id, None)
    path, draft = home / "master.key", new_file or home / "master.key.new"
    if not path.exists():
        raise MissingKey(str(path))
    with alone(home):
        old, new = MasterKey.from_file(path), MasterKey.from_file(draft)
        done = _seal(settings, old, new)
        kept = home / f"master.key.{old.id}"
        if not kept.exists():
            os.link(path, kept)
        draft.replace(path)
    return Changed(done, new.id, kept)


def _seal(settings: Settings, old: MasterKey, new: MasterKey) -> Rotated | None:
    return asyncio.run(seal_anew(settings.database, old, new, real_clock()))
