"""Papers at the desk: looked at for a reason, judged, and handed over as one ZIP."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import count

import pytest

from desk.audit import Wanted
from desk.hand_over import Line, as_csv
from desk.parts import Parts
from dialogs.case import Case, Colleague
from dialogs.message import Identity, Inbound, IncomingFile
from dialogs.turn import TurnResult
from filing.materials.material import REMOVED, Material, Side, Verdict
from storage.ports import Stores
from tests.bot.materials.files import picture
from tests.desk.people import Person
from tests.dialogs.talk import HAPPY

APPLICANT = Identity("web", "visitor")
PICTURE = picture()
LICENCE, CARD = "subject_certificate.subject", "identity_document.principal"


class Desk:
    """An applicant's conversation with papers in it."""

    def __init__(self, parts: Parts, stores: Stores) -> None:
        self.parts, self.stores = parts, stores
        self.path = ""
        self.later = count(1)

    async def begin(self) -> "Desk":
        """Fill the form in as far as papers are known."""
        assistant = self.parts.assistant
        said = ["cmd:resume", *(f"answer:{step}:{value}" for step, value in HAPPY.items())]
        for number, button in enumerate(said):
            inbound = Inbound(APPLICANT, f"m{number}", self.parts.clock(), button=button)
            case = (await assistant.handle(inbound)).case
        self.path = f"/conversations/{case.conversation_id}"
        return self

    async def receive(self, slot: str, side: Side = Side.WHOLE, content: bytes = PICTURE) -> str:
        """Keep a paper; its id."""
        put = self.stores.files.put
        key = await put(APPLICANT, "a.jpg", "image/jpeg", content)
        at = self.parts.clock() + timedelta(seconds=next(self.later))
        one = Material(key, slot, side, at, "image/jpeg", len(content), 320, 200)
        await self.change(lambda pieces: (*pieces, one))
        return key

    async def change(self, how: object) -> None:
        """Change the pieces behind everybody's back."""

        def compute(case: Case) -> TurnResult:
            assert case.filing is not None
            pieces = how(case.filing.materials)  # type: ignore[operator]
            after = case.with_filing(replace(case.filing, materials=pieces))
            return TurnResult(replace(after, version=case.version + 1), ())

        await self.parts.assistant.act(APPLICANT, compute)

    async def heard(self) -> str:
        """The last thing that was said to the applicant."""
        entries = await self.parts.helping.transcript.latest(APPLICANT, 20)
        return [one.said.text for one in entries if one.said is not None][-1]

    async def verdicts(self) -> tuple[Verdict, ...]:
        """What staff said."""
        filing = (await self.parts.assistant.case(APPLICANT)).filing
        assert filing is not None
        return filing.verdicts


@pytest.fixture
async def desk(parts: Parts, stores: Stores) -> Desk:
    return await Desk(parts, stores).begin()


async def test_the_page_lists_every_paper_with_its_versions_and_no_picture(
    agent: Person, desk: Desk
) -> None:
    first, second = await desk.receive(LICENCE), await desk.receive(LICENCE)
    await desk.receive("residence_proof.principal")  # nobody needs it
    page = (await agent.page(desk.path)).text
    assert f'data-slot="{LICENCE}"' in page
    assert f'data-slot="{CARD}"' in page
    for key in (first, second):
        assert f'data-piece="{key}"' in page
    assert "已被替换" in page
    assert "现在不需要" in page
    assert "未收到" in page
    assert "<img" not in page.partition('id="live-materials"')[2].partition("</section>")[0]


async def test_a_picture_is_shown_for_a_reason_that_is_written_down(
    agent: Person, desk: Desk
) -> None:
    key = await desk.receive(LICENCE)
    place = f"{desk.path}/materials/{key}/look"
    assert (await agent.post_form(place, of=desk.path)).status_code == 422
    shown = await agent.post_form(place, of=desk.path, reason="核对公章")
    assert (shown.content, shown.headers["content-type"]) == (PICTURE, "image/jpeg")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["content-disposition"].startswith("attachment")
    assert shown.headers["cache-control"] == "no-store"
    [entry] = await desk.parts.audit.entries(Wanted(action="paper_seen"))
    assert entry.draft.detail == {"slot": LICENCE, "file": key, "reason": "核对公章"}


async def test_a_picture_of_a_paper_does_not_leave_by_the_transcript_without_a_reason(
    agent: Person, desk: Desk
) -> None:
    key = await desk.receive(LICENCE)
    sent = IncomingFile(key, "a.jpg", "image/jpeg", len(PICTURE))
    await desk.parts.assistant.handle(Inbound(APPLICANT, "f1", desk.parts.clock(), files=(sent,)))
    assert (await agent.page(f"{desk.path}/files/{key}")).status_code == 409


async def test_only_papers_of_this_conversation_are_shown_and_none_taken_back_or_gone(
    agent: Person, desk: Desk, stores: Stores
) -> None:
    foreign = await stores.files.put(APPLICANT, "a", "image/jpeg", PICTURE)
    key = await desk.receive(LICENCE)

    async def look(piece: str) -> int:
        place = f"{desk.path}/materials/{piece}/look"
        return (await agent.post_form(place, of=desk.path, reason="看")).status_code

    assert await look(foreign) == 404
    await desk.change(lambda pieces: tuple(replace(one, gone=True) for one in pieces))
    assert await look(key) == 410

    def take_back(case: Case) -> TurnResult:
        assert case.filing is not None
        said = Verdict(key, False, desk.parts.clock(), "applicant", REMOVED)
        after = case.with_filing(replace(case.filing, verdicts=(said,)))
        return TurnResult(replace(after, version=case.version + 1), ())

    await desk.parts.assistant.act(APPLICANT, take_back)
    assert await look(key) == 404


async def test_a_paper_is_accepted_and_refused_and_the_applicant_is_told(
    agent: Person, desk: Desk
) -> None:
    key = await desk.receive(LICENCE)
    place = f"{desk.path}/materials/{key}/verdict"
    accepted = await agent.send(place, of=desk.path, accepted="true")
    assert accepted.status_code == 303
    assert "合格" in await desk.heard()
    assert "合格" in (await agent.page(desk.path)).text
    without = await agent.send(place, of=desk.path, accepted="false")
    assert without.status_code == 422
    odd = await agent.send(place, of=desk.path, accepted="false", code="<script>")
    assert odd.status_code == 422
    await agent.send(place, of=desk.path, accepted="false", code="glare", note="左上角反光")
    assert "左上角反光" in await desk.heard()
    first, second = await desk.verdicts()
    assert (first.accepted, second.accepted, second.code) == (True, False, "glare")
    assert second.note == "左上角反光"
    deeds = [one.draft.action for one in await desk.parts.audit.entries(Wanted())]
    assert {"paper_accepted", "paper_refused"} <= set(deeds)


async def test_whoever_else_has_the_conversation_judges(agent: Person, desk: Desk) -> None:
    key = await desk.receive(LICENCE)
    conversation = desk.path.rpartition("/")[2]
    await desk.parts.helping.claims.take(Colleague("x", "老王"), conversation)
    place = f"{desk.path}/materials/{key}/verdict"
    refused = await agent.send(place, of=desk.path, accepted="true")
    assert refused.status_code == 409
    assert await desk.verdicts() == ()
    assert f"materials/{key}/verdict" not in (await agent.page(desk.path)).text


async def test_accepted_papers_come_as_one_zip_in_the_consoles_order(
    agent: Person, desk: Desk
) -> None:
    nothing = await agent.send(f"{desk.path}/materials/export", of=desk.path, reason="上传")
    assert nothing.status_code == 409
    back = picture("JPEG", 300, 190)
    pieces = [
        await desk.receive(CARD, Side.FRONT),
        await desk.receive(CARD, Side.BACK, back),
        await desk.receive(LICENCE),
        await desk.receive(LICENCE),
    ]
    not_judged = await desk.receive("domain_certificate.subject")
    for key in (*pieces[:2], pieces[3]):
        await agent.send(f"{desk.path}/materials/{key}/verdict", of=desk.path, accepted="true")
    got = await agent.send(f"{desk.path}/materials/export", of=desk.path, reason="上传控制台")
    assert got.headers["content-type"] == "application/zip"
    assert got.headers["content-disposition"].startswith("attachment")
    archive = zipfile.ZipFile(io.BytesIO(got.content))
    assert archive.testzip() is None
    names = [name for name in archive.namelist() if not name.startswith("manifest")]
    assert [name.partition("_")[2] for name in names] == [
        f"{LICENCE}.jpg",
        f"{CARD}_1_front.jpg",
        f"{CARD}_2_back.jpg",
    ]
    assert names == sorted(names)
    manifest = json.loads(archive.read("manifest.json"))
    assert [one["file"] for one in manifest["files"]] == names
    licence, *_ = manifest["files"]
    assert licence["sha256"] == sha256(PICTURE).hexdigest()
    assert (licence["version"], licence["versions"]) == (2, 2)
    assert licence["accepted_by"]
    assert licence["label"]
    rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    assert [row["file"] for row in rows] == names
    assert not_judged not in got.content.decode("latin-1")
    [entry] = await desk.parts.audit.entries(Wanted(action="papers_exported"))
    assert entry.draft.detail == {"count": "3", "reason": "上传控制台"}


def test_no_cell_of_the_manifest_is_computed_by_a_spreadsheet() -> None:
    line = Line("a.subject", "=HYPERLINK(1)", "+1", "-", 1, 2, "@x", "\t=1", "2026", 1, 1)
    [row] = list(csv.reader(io.StringIO(as_csv([line])[1:])))[1:]
    assert row[1:4] == ["'=HYPERLINK(1)", "'+1", "'-"]
    assert row[6:8] == ["'@x", "'\t=1"]
