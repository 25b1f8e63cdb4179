"""Events told by another program: recorded once for each call, and where a filing stands."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.api.models import DeadlineOut, EventIn, Recorded, Returned, StageOut
from bot.api.problems import ApiProblem
from desk.stage_events import told_event
from dialogs.assistant import Assistant, NotNow
from dialogs.case import Case
from dialogs.ports import DuplicateCall, Receipts
from dialogs.standing import Standing, standing
from filing.event import Event, Person
from storage.ports import Filings


@dataclass(frozen=True, slots=True)
class FilingEvents:
    """What the API's routes call."""

    assistant: Assistant
    filings: Filings
    receipts: Receipts

    async def record(self, filing_id: str, call: str, told: EventIn) -> str:
        """Record an event; its answer as JSON. The same call again gets the first answer.

        Raises ApiProblem.
        """
        known = await self.receipts.find(call)
        if known is not None:
            return _of_same_filing(known.answer, filing_id)
        found = await self.filings.find(filing_id)
        if found is None:
            raise ApiProblem(404, "no_filing")
        event = _event(told, self.assistant.clock())

        def answer(case: Case) -> str:
            return self._recorded(case, filing_id, event).model_dump_json()

        try:
            return await self.assistant.record_call(
                found.case.identity, filing_id, event, call, answer
            )
        except DuplicateCall:  # told twice at the same moment
            first = await self.receipts.find(call)
            if first is None:
                raise ApiProblem(503, "failed", retry_after=1) from None
            return _of_same_filing(first.answer, filing_id)
        except NotNow:  # erased meanwhile
            raise ApiProblem(404, "no_filing") from None
        except LookupError:
            raise ApiProblem(503, "failed", retry_after=1) from None

    async def read(self, filing_id: str) -> StageOut:
        """Where a filing stands. Raises ApiProblem."""
        found = await self.filings.find(filing_id)
        if found is None:
            raise ApiProblem(404, "no_filing")
        now = self._standing(found.case, filing_id)
        state = now.stage
        missing = now.persons - state.verified
        return StageOut(
            filing=filing_id,
            stage=state.stage,
            since=state.since,
            attempt=state.attempt,
            filing_number=state.filing_number,
            police_number=state.police_number,
            verified=[one for one in Person if one in state.verified],
            missing=[one for one in Person if one in missing],
            returned=[
                Returned(at=one.at, stage=one.stage, code=one.code, reason=one.reason)
                for one in state.returns
            ],
            deadlines=[
                DeadlineOut(kind=one.kind.key, due_at=one.due_at, done=not one.open, person=one.who)
                for one in now.deadlines
            ],
        )

    def _standing(self, case: Case, filing_id: str) -> Standing:
        chosen = replace(case, active=filing_id)
        return standing(chosen, self.assistant.clock(), self.assistant.world)

    def _recorded(self, case: Case, filing_id: str, event: Event) -> Recorded:
        state = self._standing(case, filing_id).stage
        why = next((one.why for one in state.ignored if one.event is event), None)
        return Recorded(
            filing=filing_id,
            event=event.type.value,
            at=event.at,
            outcome=why or "counted",
            stage=state.stage,
            since=state.since,
            attempt=state.attempt,
        )


def _of_same_filing(answer: str, filing_id: str) -> str:
    if Recorded.model_validate_json(answer).filing != filing_id:
        raise ApiProblem(409, "other_call")
    return answer


_CURES = {
    "filing_number": "write one number, such as 苏ICP备2026000001号-1",
    "police_number": "write one number, such as 苏公网安备32010002000001号",
}


def _event(told: EventIn, now: datetime) -> Event:
    """The event as it was told. Raises ApiProblem naming the field that is wrong."""
    event = told_event(told.model_dump(mode="json", exclude_none=True), now)
    if isinstance(event, Event):
        return event
    if event.code == "future":
        raise _wrong("at", "lies in the future; tell an event once it has happened")
    if event.code == "number":
        raise _wrong(event.field, _CURES[event.field])
    raise _wrong(event.field, f"missing, or not one of its values for {told.type.value}")


def _wrong(field: str, message: str) -> ApiProblem:
    return ApiProblem(422, "bad_event", errors={field: message})
