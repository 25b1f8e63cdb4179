"""Reading beside the checks: what is read, of which pictures, and whether it is what was sought."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from bot.inspection.ocr.inspector import ReadingInspector, with_reading
from bot.inspection.ocr.worker import PaperReader
from bot.settings import Settings
from dialogs.message import Identity
from dialogs.ports import Inspection, Sought
from filing.finding import Level
from filing.materials.material import MaterialKind, PictureFinding, Side
from filing.materials.picture_code import PictureCode
from filing.subject import CertificateType
from storage.memory import memory_stores
from tests.dialogs.paper_talk import NOW

TODAY = date(2026, 11, 24)
LICENCE = Sought(
    TODAY, MaterialKind.SUBJECT_CERTIFICATE, certificate=CertificateType.BUSINESS_LICENCE
)
CARD_BACK = Sought(TODAY, MaterialKind.IDENTITY_DOCUMENT, "principal", Side.BACK)
READ: Mapping[str, Any] = {
    "kind": "subject_certificate",
    "certificate": "business_licence",
    "side": "whole",
    "read": {
        "name": "南京样例有限公司",
        "number": "91350100M000100Y43",
        "valid_until": "2030-01-01",
    },
}


@dataclass(slots=True)
class Checks:
    """Checks that find what they are told."""

    findings: tuple[PictureFinding, ...] = ()

    async def inspect(self, file_id: str, sought: Sought) -> Inspection:
        """A picture of 1,600 by 1,200 pixels."""
        return Inspection(1600, 1200, self.findings)


@dataclass(slots=True)
class Workers:
    """Workers that read what they are told, and count how often they are asked."""

    told: Mapping[str, Any] = field(default_factory=lambda: READ)
    asked: int = 0

    async def ask(self, given: Mapping[str, object], content: bytes) -> dict[str, Any]:
        """The reading."""
        assert content == b"picture"
        self.asked += 1
        return dict(self.told)

    async def stop(self) -> None:
        """Nothing runs."""


async def seen(
    sought: Sought, workers: Workers | None = None, *found: PictureFinding
) -> Inspection:
    """What is said of a kept picture."""
    files = memory_stores(lambda: NOW).files
    file_id = await files.put(Identity("web", "a"), "a.jpg", "image/jpeg", b"picture")
    reader = PaperReader(workers=workers or Workers())
    return await ReadingInspector(Checks(found), files, reader).inspect(file_id, sought)


def codes(inspection: Inspection) -> list[tuple[str, Level]]:
    """Its findings."""
    return [(one.code, one.level) for one in inspection.findings]


async def test_what_is_read_stands_beside_what_was_checked() -> None:
    dark = PictureFinding(PictureCode.DARK, Level.WARN)
    inspection = await seen(LICENCE, None, dark)
    assert inspection.findings == (dark,)
    assert inspection.read == READ["read"]
    assert inspection.certificate is CertificateType.BUSINESS_LICENCE
    assert inspection.valid_until == date(2030, 1, 1)
    assert "南京样例" not in repr(inspection)


@pytest.mark.parametrize(
    "code, is_read",
    [(PictureCode.BLURRED, False), (PictureCode.DARK, False), (PictureCode.GREYSCALE, True)],
)
async def test_a_refused_picture_is_read_only_where_its_words_are_legible(
    code: PictureCode, is_read: bool
) -> None:
    workers = Workers()
    inspection = await seen(LICENCE, workers, PictureFinding(code, Level.REFUSE))
    assert (workers.asked, bool(inspection.read)) == (int(is_read), is_read)


async def test_letters_are_not_read() -> None:
    workers = Workers()
    await seen(Sought(TODAY, MaterialKind.COMMITMENT), workers)
    assert workers.asked == 0


async def test_a_picture_that_is_gone_is_not_read() -> None:
    reader = ReadingInspector(Checks(), memory_stores(lambda: NOW).files, PaperReader())
    assert (await reader.inspect("0" * 32, LICENCE)).read == {}


async def test_a_licence_for_an_id_card_is_another_paper() -> None:
    inspection = await seen(CARD_BACK)
    assert codes(inspection) == [(PictureCode.WRONG_DOCUMENT, Level.REFUSE)]


async def test_another_certificate_of_a_body_may_be_the_right_one() -> None:
    told = {**READ, "certificate": "social_org_cert"}
    inspection = await seen(LICENCE, Workers(told))
    assert codes(inspection) == [(PictureCode.WRONG_DOCUMENT, Level.WARN)]


async def test_the_other_side_of_a_card_is_told() -> None:
    told = {"kind": "identity_document", "certificate": "id_card", "side": "front", "read": {}}
    inspection = await seen(CARD_BACK, Workers(told))
    assert codes(inspection) == [(PictureCode.WRONG_SIDE, Level.WARN)]


async def test_a_paper_past_its_last_day_is_refused() -> None:
    told = {**READ, "read": {"valid_until": "2026-11-23"}}
    inspection = await seen(LICENCE, Workers(told))
    assert codes(inspection) == [(PictureCode.EXPIRED, Level.REFUSE)]


async def test_differences_from_the_answers_are_doubts() -> None:
    sought = replace(LICENCE, name="南京另例有限公司", number="91320114MA1ABCD03G")
    assert codes(await seen(sought)) == [
        (PictureCode.NAME_DIFFERS, Level.WARN),
        (PictureCode.NUMBER_DIFFERS, Level.WARN),
    ]
    same = replace(LICENCE, name="南京样例有限公司", number="91350100M000100Y43")
    assert codes(await seen(same)) == []


def test_an_operator_may_leave_it_unused() -> None:
    files = memory_stores(lambda: NOW).files
    settings = Settings(_env_file=None, read_papers=False)
    assert with_reading(Checks(), files, settings) is None
