"""A kept picture is looked at in a process of its own, and whatever happens is a finding."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.inspection.inspector import PictureInspector, new_inspector
from bot.settings import Settings
from bot.world import load_world
from dialogs.message import Identity
from dialogs.ports import Inspection, Sought
from filing.finding import Level
from filing.materials.material import MaterialKind, PictureFinding
from filing.materials.picture_code import PictureCode
from storage.memory import memory_stores
from storage.ports import Files, StorePolicy
from tests.specimens.licence import licence
from tests.specimens.photo import Shot, photograph

WHO = Identity("web", "somebody")
SOUGHT = Sought(date(2026, 11, 26), MaterialKind.SUBJECT_CERTIFICATE)
UNCHECKED = Inspection(0, 0, (PictureFinding(PictureCode.UNCHECKED, Level.WARN),))
SHOT = Shot(width=1200, height=900)


@pytest.fixture
def files() -> Files:
    return memory_stores(lambda: datetime(2026, 11, 26, tzinfo=UTC), StorePolicy(frozenset())).files


@pytest.fixture
async def inspector(files: Files) -> AsyncIterator[PictureInspector]:
    settings = Settings(picture_workers=1, picture_seconds=170)
    inspector = new_inspector(files, load_world(settings), settings)
    yield inspector
    await inspector.stop()


async def test_a_kept_picture_is_looked_at(files: Files, inspector: PictureInspector) -> None:
    right = await files.put(WHO, "a.jpg", "image/jpeg", photograph(licence(1), SHOT, 1))
    dark = photograph(licence(1), replace(SHOT, level=0.15), 1)
    wrong = await files.put(WHO, "b.jpg", "image/jpeg", dark)

    seen = await inspector.inspect(right, SOUGHT)
    assert (seen.width, seen.height) == (1200, 900)
    assert seen.findings == ()
    found = (await inspector.inspect(wrong, SOUGHT)).findings
    assert [(one.code, one.level) for one in found] == [(PictureCode.DARK, Level.REFUSE)]


async def test_a_picture_deleted_meanwhile_is_left_to_staff(inspector: PictureInspector) -> None:
    assert await inspector.inspect("0" * 32, SOUGHT) == UNCHECKED


async def test_bytes_that_are_no_picture_are_left_to_staff(
    files: Files, inspector: PictureInspector
) -> None:
    kept = await files.put(WHO, "a.jpg", "image/jpeg", b"\xff\xd8\xff nothing of a picture")
    assert await inspector.inspect(kept, SOUGHT) == UNCHECKED


async def test_a_worker_without_time_leaves_the_picture_to_staff(
    files: Files, inspector: PictureInspector
) -> None:
    kept = await files.put(WHO, "a.jpg", "image/jpeg", photograph(licence(1), SHOT, 1))
    inspector.pool.seconds = 0.001
    assert await inspector.inspect(kept, SOUGHT) == UNCHECKED
