"""The process that reads: whatever becomes of it, whoever asked goes on by typing."""

import sys
from datetime import date, timedelta

import pytest

from bot.inspection.ocr.reading import NOTHING
from bot.inspection.ocr.worker import PaperReader, is_installed
from filing.materials.material import MaterialKind, Side
from filing.subject import CertificateType
from tests.inspection.ocr.measure import TODAY, truth
from tests.inspection.ocr.papers import paper
from tests.parts.missing import give_up
from tests.specimens.photo import Shot, photograph

DAY = date(2026, 11, 26)

_ECHO = """
import json, sys
for line in iter(sys.stdin.buffer.readline, b""):
    sys.stdin.buffer.read(json.loads(line)["size"])
    print(json.dumps({"kind": None, "certificate": None, "side": None, "read": {"name": "样例"}}),
          flush=True)
"""


def reader(program: str, within: float = 20) -> PaperReader:
    """A reader whose process is another program."""
    return PaperReader(timedelta(seconds=within), program=(sys.executable, "-c", program))


async def test_one_process_reads_one_picture_after_another() -> None:
    papers = reader(_ECHO)
    for _ in range(3):
        assert (await papers.read(b"abc", DAY)).read == {"name": "样例"}
    await papers.stop()


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("raise SystemExit(1)", id="it dies at once"),
        pytest.param("import sys; sys.stdin.buffer.readline(); raise SystemExit", id="it dies"),
        pytest.param("print('no reading', flush=True); input()", id="it talks nonsense"),
    ],
)
async def test_a_process_that_fails_reads_nothing(program: str) -> None:
    papers = reader(program)
    assert await papers.read(b"abc", DAY) == NOTHING
    await papers.stop()


async def test_a_process_that_hangs_is_ended_and_the_next_one_reads() -> None:
    papers = reader("import time; time.sleep(600)", within=0.3)
    assert await papers.read(b"abc", DAY) == NOTHING
    papers.program = (sys.executable, "-c", _ECHO)
    papers.within = timedelta(seconds=20)
    assert (await papers.read(b"abc", DAY)).read == {"name": "样例"}
    await papers.stop()


async def test_a_program_that_is_not_there_reads_nothing() -> None:
    papers = PaperReader(program=("/no/such/program",))
    assert await papers.read(b"abc", DAY) == NOTHING


@pytest.fixture(scope="module")
def installed() -> None:
    """The extra ``ocr``, or this is not tested here."""
    if not is_installed():
        give_up("reading papers in photos", "make setup-ocr")


@pytest.mark.usefixtures("installed")
async def test_photos_are_read_as_they_stand_and_sideways() -> None:
    papers = PaperReader(timedelta(seconds=150))
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
