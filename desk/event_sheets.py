"""Many stage events from one CSV sheet: read, foreseen line by line, then recorded once each."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Final

from desk.stage_events import TOLD_BY_STAFF, FindsFilings, WrongField, foresee, told_event
from dialogs.assistant import Assistant, NotNow
from dialogs.case import Case
from dialogs.ports import DuplicateCall, Receipts, StaleCase
from filing.event import Event, Stage

COLUMNS: Final = (
    "filing", "event", "at", "person", "filing_number", "police_number", "stage", "code", "reason",
)  # fmt: skip
"""The columns of a sheet in the order of the template. Only the first three are needed."""

_CHINESE: Final[Mapping[str, str]] = {
    "备案编号": "filing",
    "域名": "filing",
    "事件": "event",
    "时间": "at",
    "负责人": "person",
    "备案号": "filing_number",
    "公安备案号": "police_number",
    "退回阶段": "stage",
    "原因代码": "code",
    "原因": "reason",
    "退回原因": "reason",
}

_CHINESE_VALUES: Final[Mapping[str, str]] = {
    "初审通过": "first_review_passed",
    "资料已提交": "materials_submitted",
    "真实性核验通过": "authenticity_passed",
    "复审通过": "second_review_passed",
    "已提交管局": "submitted_to_bureau",
    "提交管局": "submitted_to_bureau",
    "收到短信": "sms_received",
    "短信核验完成": "sms_verified",
    "管局通过": "bureau_approved",
    "退回": "returned",
    "驳回": "returned",
    "网站开通": "website_opened",
    "公安备案通过": "police_filed",
    "页脚已挂备案号": "footer_displayed",
    "已挂公安备案号": "police_number_displayed",
    "撤回": "withdrawn",
    "主体负责人": "principal",
    "网站负责人": "site_manager",
    "初审": "first_review",
    "资料核验": "materials",
    "复审": "second_review",
    "短信核验": "sms_verification",
    "管局审核": "bureau_review",
}

MAX_BYTES: Final = 1_000_000
MAX_LINES: Final = 2_000
_STAFF_TELL = frozenset(kind.value for kind in TOLD_BY_STAFF)
_TRIES = 3


class SheetRefused(ValueError):
    """A file that is no sheet. ``code``: ``too_big``, ``too_long``, ``encoding``, ``columns``,
    ``empty`` or ``broken``."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class LineOutcome(StrEnum):
    """What would become, or became, of one line."""

    FINE = "fine"  # it would count
    RECORDED = "recorded"  # it counts now
    DUPLICATE = "duplicate"  # this very line was recorded before, or stands above
    REPEAT = "repeat"  # the filing knows of it already
    OUT_OF_PLACE = "out_of_place"  # impossible at the filing's stage
    ERASING = "erasing"  # its applicant wants all deleted: nothing is sent on
    UNKNOWN_FILING = "unknown_filing"
    AMBIGUOUS = "ambiguous"  # several filings have that domain
    WRONG = "wrong"  # a field cannot be read
    FAILED = "failed"  # could not be recorded just now; upload it again


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line with what it leads to. ``number`` counts the file's lines from 1."""

    number: int
    told: Mapping[str, str]
    outcome: LineOutcome
    filing: str | None = None  # the public id, once found
    event: Event | None = None
    field: str = ""  # the one that is wrong
    problem: str = ""  # as WrongField.code, or "missing"
    before: Stage | None = None
    after: Stage | None = None

    @property
    def key(self) -> str:
        """The same for the same filing and event: a line counts once, however often uploaded."""
        assert self.event is not None
        facts = "\0".join(f"{k}={v}" for k, v in sorted(self.event.facts.items()))
        told = f"{self.filing}\0{self.event.type}\0{self.event.at.timestamp()}\0{facts}"
        return f"sheet:{sha256(told.encode()).hexdigest()[:40]}"


def template() -> bytes:
    """An empty sheet with the columns, as spreadsheet programs open it."""
    return ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()


def read_sheet(content: bytes) -> Sequence[tuple[int, Mapping[str, str]]]:
    """The lines of a sheet with their numbers; empty lines are passed over.

    UTF-8 and GB18030 (what Chinese spreadsheet programs save) are read; columns and values may
    be named in Chinese. Raises SheetRefused.
    """
    if len(content) > MAX_BYTES:
        raise SheetRefused("too_big", max=MAX_BYTES // 1000)
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        header = [_CHINESE.get(cell.strip(), cell.strip().lower()) for cell in next(reader, [])]
        missing = [name for name in ("filing", "event", "at") if name not in header]
        unknown = [name for name in header if name and name not in COLUMNS]
        if missing or unknown or len(set(header)) < len(header):
            raise SheetRefused("columns", missing="、".join(missing), unknown="、".join(unknown))
        lines = [
            (reader.line_num, _told(header, cells))
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error:
        raise SheetRefused("broken", line=reader.line_num) from None
    if not lines:
        raise SheetRefused("empty")
    if len(lines) > MAX_LINES:
        raise SheetRefused("too_long", max=MAX_LINES)
    return lines


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused("encoding")


def _told(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    told = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
    for name in ("event", "person", "stage"):
        if name in told:
            told[name] = _CHINESE_VALUES.get(told[name], told[name])
    if "at" in told:
        told["at"] = told["at"].replace("/", "-")
    return told


@dataclass(slots=True)
class EventSheets:
    """Sheets foreseen and applied."""

    assistant: Assistant
    filings: FindsFilings
    receipts: Receipts

    async def preview(self, content: bytes) -> Sequence[SheetLine]:
        """What each line would lead to, on the ground of the lines above it; changes nothing.

        Raises SheetRefused.
        """
        cases: dict[str, Case] = {}  # by filing, with the events of the lines above
        seen: set[str] = set()
        found: list[SheetLine] = []
        for number, told in read_sheet(content):
            line = await self._judged(number, told, cases)
            if line.outcome is LineOutcome.FINE:
                known = line.key in seen or await self.receipts.find(line.key) is not None
                seen.add(line.key)
                if known:
                    line = replace(line, outcome=LineOutcome.DUPLICATE)
                else:
                    line = self._foreseen(line, cases)
            found.append(line)
        return found

    async def apply(self, content: bytes) -> Sequence[SheetLine]:
        """Record every line that is fine; what became of each. Raises SheetRefused."""
        done: list[SheetLine] = []
        for line in await self.preview(content):
            if line.outcome is LineOutcome.FINE:
                line = replace(line, outcome=await self._record(line))
            done.append(line)
        return done

    async def _judged(
        self, number: int, told: Mapping[str, str], cases: dict[str, Case]
    ) -> SheetLine:
        """The line with its filing and event, if both can be read."""
        line = SheetLine(number, told, LineOutcome.FINE)
        for name in ("filing", "event", "at"):
            if not told.get(name):
                return replace(line, outcome=LineOutcome.WRONG, field=name, problem="missing")
        if told["event"] not in _STAFF_TELL:
            return replace(line, outcome=LineOutcome.WRONG, field="event", problem="value")
        fields = {**told, "type": told["event"]}
        event = told_event(fields, self.assistant.clock(), self.assistant.world.rejections)
        if isinstance(event, WrongField):
            return replace(line, outcome=LineOutcome.WRONG, field=event.field, problem=event.code)
        ids = await self._ids(told["filing"], cases)
        if len(ids) != 1:
            outcome = LineOutcome.AMBIGUOUS if ids else LineOutcome.UNKNOWN_FILING
            return replace(line, outcome=outcome, event=event)
        return replace(line, filing=ids[0], event=event)

    async def _ids(self, named: str, cases: dict[str, Case]) -> Sequence[str]:
        """The filings of this id, or of this domain."""
        if named in cases:
            return (named,)
        ids = [named] if await self._case(named, cases) else []
        for one in () if ids else await self.filings.with_value("domain", named.lower()):
            if await self._case(one, cases):
                ids.append(one)
        return ids

    async def _case(self, filing_id: str, cases: dict[str, Case]) -> bool:
        if filing_id not in cases:
            found = await self.filings.find(filing_id)
            if found is None:
                return False
            cases[filing_id] = found.case
        return True

    def _foreseen(self, line: SheetLine, cases: dict[str, Case]) -> SheetLine:
        assert line.filing is not None and line.event is not None
        now, world = self.assistant.clock(), self.assistant.world
        seen = foresee(cases[line.filing], line.filing, line.event, now, world)
        outcome = {
            "counted": LineOutcome.FINE,
            "repeat": LineOutcome.REPEAT,
            "replaced": LineOutcome.REPEAT,
            "erasing": LineOutcome.ERASING,
        }.get(seen.outcome, LineOutcome.OUT_OF_PLACE)
        if outcome is LineOutcome.FINE:
            cases[line.filing] = seen.case
        return replace(line, outcome=outcome, before=seen.before, after=seen.after)

    async def _record(self, line: SheetLine) -> LineOutcome:
        assert line.filing is not None and line.event is not None
        for _ in range(_TRIES):
            found = await self.filings.find(line.filing)
            if found is None:
                return LineOutcome.UNKNOWN_FILING
            try:
                await self.assistant.record_call(
                    found.case.identity, line.filing, line.event, line.key, lambda case: "{}"
                )
            except DuplicateCall:
                return LineOutcome.DUPLICATE
            except NotNow:  # erased meanwhile
                return LineOutcome.UNKNOWN_FILING
            except StaleCase:
                continue
            except LookupError:
                return LineOutcome.FAILED
            return LineOutcome.RECORDED
        return LineOutcome.FAILED
