"""The process that reads: whatever becomes of it, whoever asked goes on by typing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.inspection.ocr.reading import NOTHING, Reading
from bot.inspection.ocr.worker import PaperReader, is_installed
from bot.inspection.pool import WorkerFailed, WorkerPool
from filing.materials.material import MaterialKind, Side
from filing.subject import CertificateType
from tests.inspection.ocr.measure import TODAY, truth
from tests.inspection.ocr.papers import paper
from tests.parts.missing import give_up
from tests.specimens.photo import Shot, photograph


@dataclass(slots=True)
class Workers:
    """Workers that answer, fail or hang as they are told."""

    answer: dict[str, Any] | Exception | None

    async def ask(self, given: Mapping[str, object], content: bytes) -> dict[str, Any]:
        """What it was told to answer; None hangs."""
        assert given == {"today": TODAY.isoformat()}
        if self.answer is None:
            await asyncio.Event().wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        assert isinstance(self.answer, dict)
        return self.answer

    async def stop(self) -> None:
        """Nothing runs."""


async def test_what_the_worker_read_is_handed_on() -> None:
    told = {"kind": "subject_certificate", "certificate": None, "side": "whole", "read": {"a": "b"}}
    reading = await PaperReader(workers=Workers(told)).read(b"abc", TODAY)
    assert reading == Reading(MaterialKind.SUBJECT_CERTIFICATE, None, Side.WHOLE, {"a": "b"})


@pytest.mark.parametrize(
    "answer",
    [WorkerFailed("it died"), OSError("no process"), {"kind": "no such kind"}, None],
    ids=["it died", "it cannot start", "it talks nonsense", "it hangs"],
)
async def test_a_worker_that_fails_reads_nothing(
    answer: dict[str, Any] | Exception | None,
) -> None:
    reader = PaperReader(timedelta(seconds=0.05), Workers(answer))
    assert await reader.read(b"abc", TODAY) == NOTHING


@pytest.fixture(scope="module")
def installed() -> None:
    """The extra ``ocr``, or this is not tested here."""
    if not is_installed():
        give_up("reading papers in photos", "make setup-ocr")


@pytest.mark.usefixtures("installed")
async def test_photos_are_read_as_they_stand_and_sideways() -> None:
    slow = timedelta(seconds=150)  # the machine may be busy
    pool = WorkerPool("bot.inspection.ocr.child", count=1, seconds=slow.total_seconds())
    papers = PaperReader(slow, pool)
    licence, card = paper("licence", 2), paper("card_front", 2)
    whole = await papers.read(photograph(licence, Shot(width=1400, height=1050), 2), TODAY)
    assert whole.kind is MaterialKind.SUBJECT_CERTIFICATE
    assert whole.certificate is CertificateType.BUSINESS_LICENCE
    for name in ("number", "name", "legal_representative"):
        assert whole.read[name] == truth(licence)[name]
    side = await papers.read(photograph(card, Shot(width=1200, height=900, turned=1), 2), TODAY)
    assert (side.side, side.read) == (Side.FRONT, truth(card))
    assert await papers.read(b"no picture", TODAY) == NOTHING
    await papers.stop()
