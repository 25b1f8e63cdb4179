"""What happened to a filing, as staff record it: one event, or a sheet of many."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from desk.claims import ClaimLost, NoConversation
from desk.deeds import Deed
from desk.event_sheets import MAX_BYTES, LineOutcome, SheetLine, SheetRefused, template
from desk.pages.conversation import found
from desk.pages.holding import done
from desk.permissions import Action
from desk.refusals import Refusal
from desk.stage_events import TOLD_BY_STAFF, WrongField, foresee, told_event
from desk.visits import Visit, may
from filing.event import Stage

router = APIRouter()
_FIELDS = ("at", "person", "filing_number", "police_number", "stage", "code", "reason")


@router.post("/conversations/{conversation}/events")
async def record(
    conversation: str,
    visit: Annotated[Visit, may(Action.RECORD_EVENT)],
    event: Annotated[str, Form(max_length=60)],
    at: Annotated[str, Form(max_length=40)] = "",
    person: Annotated[str, Form(max_length=40)] = "",
    filing_number: Annotated[str, Form(max_length=64)] = "",
    police_number: Annotated[str, Form(max_length=64)] = "",
    stage: Annotated[str, Form(max_length=40)] = "",
    code: Annotated[str, Form(max_length=120)] = "",
    reason: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Record one event of the active filing; the applicant is told."""
    given = (at, person, filing_number, police_number, stage, code, reason)
    told = {k: v.strip() for k, v in zip(_FIELDS, given, strict=True) if v.strip()}
    if event not in {one.value for one in TOLD_BY_STAFF}:
        raise Refusal(422, "event_value", field=visit.say("events.field_event"))
    parts = visit.parts
    read = told_event({**told, "type": event}, visit.now, parts.world.rejections)
    if isinstance(read, WrongField):
        field = visit.say(f"events.field_{read.field}")
        raise Refusal(422, f"event_{read.code}", field=field)
    opened = await found(visit, conversation)
    if opened.case.active is None:
        raise Refusal(409, "no_filing_yet")
    seen = foresee(opened.case, opened.case.active, read, visit.now, parts.world)
    if seen.outcome != "counted":
        stage_now = parts.world.wording.say(f"stage.name.{seen.before.value}", visit.locale)
        raise Refusal(409, f"event_{seen.outcome}", stage=stage_now)
    await visit.record(Deed.EVENT_RECORDED, f"filing:{opened.case.active}", event=event)
    try:
        if opened.is_mine(visit.agent):
            await parts.helping.claims.record(visit.agent.colleague, conversation, read)
        else:
            await parts.assistant.record(opened.case.identity, read)
    except ClaimLost:
        raise Refusal(409, "claim_lost") from None
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    return done(visit, conversation, "conversation.recorded")


@router.get("/events")
async def sheet(visit: Annotated[Visit, may(Action.RECORD_EVENT)]) -> Response:
    """The form to upload a sheet of events."""
    return _sheet_page(visit)


@router.get("/events/template.csv")
async def sheet_template(visit: Annotated[Visit, may(Action.RECORD_EVENT)]) -> Response:
    """An empty sheet."""
    return Response(
        template(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="events.csv"'},
    )


@router.post("/events/preview")
async def preview(
    visit: Annotated[Visit, may(Action.RECORD_EVENT)],
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """What each line of a sheet would lead to; nothing is recorded yet."""
    content = b"" if file is None else await file.read(MAX_BYTES + 1)
    try:
        lines = await visit.parts.helping.sheets.preview(content)
    except SheetRefused as refused:
        return _refused(visit, refused)
    return _lines(visit, lines, sheet=_text(content))


@router.post("/events/apply")
async def apply(
    visit: Annotated[Visit, may(Action.RECORD_EVENT)],
    sheet: Annotated[str, Form(max_length=MAX_BYTES)] = "",
) -> Response:
    """Record the lines that are fine."""
    try:
        foreseen = await visit.parts.helping.sheets.preview(sheet.encode())
        for line in foreseen:
            if line.outcome is LineOutcome.FINE:
                told = line.told["event"]
                await visit.record(Deed.EVENT_RECORDED, f"filing:{line.filing}", event=told)
        lines = await visit.parts.helping.sheets.apply(sheet.encode())
    except SheetRefused as refused:
        return _refused(visit, refused)
    return _lines(visit, lines, applied=True)


def _text(content: bytes) -> str:
    """The sheet as text, for the form that applies it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _lines(
    visit: Visit, lines: Sequence[SheetLine], *, applied: bool = False, sheet: str = ""
) -> Response:
    counts: dict[LineOutcome, int] = {}
    for line in lines:
        counts[line.outcome] = counts.get(line.outcome, 0) + 1
    return _sheet_page(visit, lines=lines, counts=counts, applied=applied, sheet=sheet)


def _refused(visit: Visit, refused: SheetRefused) -> Response:
    problem = visit.say(f"events.refused_{refused.code}", **refused.params)
    return _sheet_page(visit, 422, problem=problem)


def _sheet_page(visit: Visit, status: int = 200, **shown: Any) -> Response:
    def stage_name(stage: Stage) -> str:
        return visit.parts.world.wording.say(f"stage.name.{stage.value}", visit.locale)

    def event_name(told: str) -> str:
        known = visit.desk.texts.by_locale[visit.locale]
        return known.get(f"conversation.event_{told}", told)

    nothing: dict[str, Any] = {
        "lines": None,
        "counts": {},
        "applied": False,
        "problem": "",
        "sheet": "",
    }
    return visit.page(
        "events.html", status, **{**nothing, **shown}, stage_name=stage_name, event_name=event_name
    )
