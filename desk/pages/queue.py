"""The queue: which conversations need somebody, live, filtered and searched."""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Header, Query
from starlette.responses import Response, StreamingResponse

from desk.config import BASE
from desk.listing import FACETS
from desk.live import Key
from desk.permissions import Action
from desk.queue import Band, OrderKey, State, Wanted
from desk.visits import Visit, may
from filing.event import Stage

router = APIRouter()

_STEP: Final = 50
"""Conversations shown at first, and added by "more"."""

_MOST: Final = 400
_LONGEST: Final = 60  # characters of a filter

_NUMBER: Final = r"(-?\d{1,11}\.\d{6}|inf)"
_PLACE: Final = re.compile(rf"([0-6])~{_NUMBER}~{_NUMBER}~([A-Za-z0-9_-]{{1,80}})")

_Behind = Annotated[str, Query(max_length=160)]
_Choice = Annotated[str, Query(max_length=_LONGEST)]


@router.get("/")
async def queue(
    visit: Annotated[Visit, may(Action.SEE_QUEUE)],
    state: _Choice = State.OPEN,
    stage: _Choice = "",
    province: _Choice = "",
    channel: _Choice = "",
    limit: Annotated[int, Query(ge=1)] = _STEP,
    behind: _Behind = "",
) -> Response:
    """The conversations that need somebody; ``behind`` is the last one of a page before."""
    live, now = visit.parts.queue, visit.now
    choices = await _choices(visit)
    given = {"stage": stage, "province": province, "channel": channel}
    key = _key(visit, choices, state, given, limit, behind)
    view = await live.hub.view(key)
    counts = await live.hub.counts()
    return visit.page(
        "queue.html",
        # Worded anew: the times in a view's rows are those of its last event.
        rows=[live.rows(listed, visit.locale, now) for listed, _ in view.rows],
        now=now,
        wanted=key.wanted,
        chips=[
            (one, counts.of(one, visit.agent.id), _address(replace(key.wanted, state=one)))
            for one in State
        ],
        choices=choices,
        cleared=_address(Wanted(key.wanted.state)),
        is_narrowed=any(getattr(key.wanted, facet) for facet in FACETS),
        more=_more(key, len(list(view.rows)), view.last),
        events=f"{BASE}/queue/events?{urlencode(_query(key.wanted, key.limit, key.after))}",
        seen=view.event_id,
        script=live.rows.script(visit.locale),
    )


@router.get("/queue/events")
async def events(
    visit: Annotated[Visit, may(Action.SEE_QUEUE, background=True)],
    state: _Choice = State.OPEN,
    stage: _Choice = "",
    province: _Choice = "",
    channel: _Choice = "",
    limit: Annotated[int, Query(ge=1)] = _STEP,
    behind: _Behind = "",
    after: Annotated[str, Query(max_length=40)] = "",
    last_event_id: Annotated[str | None, Header(max_length=40)] = None,
) -> Response:
    """What changes in the queue, as server-sent events; goes on after the last one seen."""
    given = {"stage": stage, "province": province, "channel": channel}
    key = _key(visit, await _choices(visit), state, given, limit, behind)
    sessions = visit.parts.sessions

    async def is_admitted() -> bool:
        found = await sessions.find(visit.session.id)
        return found is not None and not found[0].is_over(visit.now)

    return StreamingResponse(
        visit.parts.queue.hub.stream(key, visit.agent.id, last_event_id or after, is_admitted),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},  # a proxy must not hold events back
    )


@router.get("/queue/alive")
async def alive(visit: Annotated[Visit, may(Action.SEE_QUEUE, background=True)]) -> dict[str, bool]:
    """Whether the server is there and the session still holds: what a lost stream asks first."""
    return {"alive": True}


@router.post("/search")
async def search(
    visit: Annotated[Visit, may(Action.SEE_QUEUE)],
    text: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Conversations by name, domain, number or words. Sent as a form: a phone number looked for
    must not stay in the browser's history or a proxy's log."""
    live, sought = visit.parts.queue, text.strip()
    found = await live.finder.find(sought)
    return visit.page(
        "search.html",
        text=sought,
        now=visit.now,
        hits=[(hit, live.rows(hit.listed, visit.locale, visit.now)) for hit in found.hits],
        more=found.more,
        script=live.rows.script(visit.locale),
    )


def _key(
    visit: Visit,
    choices: Mapping[str, Mapping[str, str]],
    state: str,
    given: Mapping[str, str],
    limit: int,
    behind: str,
) -> Key:
    """What somebody wants to see; a value that does not exist is left out."""
    chosen = State(state) if state in tuple(State) else State.OPEN
    facets = {name: value for name, value in given.items() if value in choices[name]}
    agent = visit.agent.id if chosen is State.MINE else None
    return Key(
        Wanted(chosen, agent=agent, **facets),
        visit.locale,
        min(-(-limit // _STEP) * _STEP, _MOST),
        _place(behind),
    )


async def _choices(visit: Visit) -> Mapping[str, Mapping[str, str]]:
    """The values each facet can be narrowed down to, with their names."""
    live, locale = visit.parts.queue, visit.locale
    wording = visit.parts.world.wording
    found = await live.listing.choices()
    return {
        "stage": {one.value: wording.say(f"stage.name.{one}", locale) for one in Stage},
        "province": {one: wording.label("province", one, locale) for one in found["province"]},
        "channel": {one: live.rows.channel(one, locale) for one in found["channel"]},
    }


def _query(wanted: Wanted, limit: int = _STEP, behind: OrderKey | None = None) -> dict[str, str]:
    """A choice as it stands in an address; whose "mine" are is not said there."""
    given = {name: value for name, value in asdict(wanted).items() if value and name != "agent"}
    if wanted.state is State.OPEN:
        del given["state"]
    if limit != _STEP:
        given["limit"] = str(limit)
    if behind is not None:
        band, *numbers, conversation = behind
        given["behind"] = "~".join((str(int(band)), *map(_number, numbers), conversation))
    return given


def _number(seconds: float) -> str:
    return "inf" if math.isinf(seconds) else f"{seconds:.6f}"


def _place(behind: str) -> OrderKey | None:
    """The place behind which a page begins, as it stands in an address; None if it is none."""
    found = _PLACE.fullmatch(behind)
    if found is None or found[2] == "inf":
        return None
    band, at, since, conversation = found.groups()
    return (Band(int(band)), float(at), float(since), conversation)


def _address(wanted: Wanted, limit: int = _STEP, behind: OrderKey | None = None) -> str:
    query = urlencode(_query(wanted, limit, behind))
    return f"{BASE}/?{query}" if query else f"{BASE}/"


def _more(key: Key, shown: int, last: OrderKey | None) -> str:
    """Where more of the same are shown, on this page or the next; empty if that is all."""
    if shown < key.limit:
        return ""
    if key.limit >= _MOST:
        return _address(key.wanted, _STEP, last)
    return _address(key.wanted, key.limit + _STEP, key.after)
