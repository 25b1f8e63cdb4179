"""The queue: which conversations need somebody, live, filtered and searched."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Header, Query
from starlette.responses import Response, StreamingResponse

from desk.board import FACETS
from desk.config import BASE
from desk.live import Key
from desk.permissions import Action
from desk.queue import State, Wanted
from desk.visits import Visit, may
from filing.event import Stage

router = APIRouter()

_STEP: Final = 50
"""Conversations shown at first, and added by "more"."""

_MOST: Final = 400
_LONGEST: Final = 60  # characters of a filter

_Choice = Annotated[str, Query(max_length=_LONGEST)]


@router.get("/")
async def queue(
    visit: Annotated[Visit, may(Action.SEE_QUEUE)],
    state: _Choice = State.OPEN,
    stage: _Choice = "",
    province: _Choice = "",
    channel: _Choice = "",
    limit: Annotated[int, Query(ge=1)] = _STEP,
) -> Response:
    """The conversations that need somebody."""
    key = _key(visit, state, stage, province, channel, limit)
    live, now = visit.parts.queue, visit.now
    view = live.hub.view(key)
    counts = live.board.counts()
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
        choices=_choices(visit),
        cleared=_address(Wanted(key.wanted.state)),
        is_narrowed=any(getattr(key.wanted, facet) for facet in FACETS),
        more=_more(key, len(list(view.rows))),
        events=f"{BASE}/queue/events?{urlencode(_query(key.wanted, key.limit))}",
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
    after: Annotated[str, Query(max_length=40)] = "",
    last_event_id: Annotated[str | None, Header(max_length=40)] = None,
) -> Response:
    """What changes in the queue, as server-sent events; goes on after the last one seen."""
    key = _key(visit, state, stage, province, channel, limit)
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


def _key(visit: Visit, state: str, stage: str, province: str, channel: str, limit: int) -> Key:
    """What somebody wants to see; a value that does not exist is left out."""
    chosen = State(state) if state in tuple(State) else State.OPEN
    choices = _choices(visit)
    given = {"stage": stage, "province": province, "channel": channel}
    facets = {name: value for name, value in given.items() if value in choices[name]}
    agent = visit.agent.id if chosen is State.MINE else None
    return Key(
        Wanted(chosen, agent=agent, **facets),
        visit.locale,
        min(-(-limit // _STEP) * _STEP, _MOST),
    )


def _choices(visit: Visit) -> Mapping[str, Mapping[str, str]]:
    """The values each facet can be narrowed down to, with their names."""
    live, locale = visit.parts.queue, visit.locale
    wording = visit.parts.world.wording
    return {
        "stage": {one.value: wording.say(f"stage.name.{one}", locale) for one in Stage},
        "province": {
            one: wording.label("province", one, locale) for one in live.board.choices("province")
        },
        "channel": {one: live.rows.channel(one, locale) for one in live.board.choices("channel")},
    }


def _query(wanted: Wanted, limit: int = _STEP) -> dict[str, str]:
    """A choice as it stands in an address; whose "mine" are is not said there."""
    given = {name: value for name, value in asdict(wanted).items() if value and name != "agent"}
    if wanted.state is State.OPEN:
        del given["state"]
    return given | ({"limit": str(limit)} if limit != _STEP else {})


def _address(wanted: Wanted, limit: int = _STEP) -> str:
    query = urlencode(_query(wanted, limit))
    return f"{BASE}/?{query}" if query else f"{BASE}/"


def _more(key: Key, shown: int) -> str:
    """Where more of the same are shown; empty if that is all, or as many as are ever shown."""
    if shown < key.limit or key.limit >= _MOST:
        return ""
    return _address(key.wanted, key.limit + _STEP)
