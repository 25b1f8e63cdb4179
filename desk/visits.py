"""One request of a member of staff: who asks, whether they may, and how they are answered.

A route says what it does, and gets the visit of somebody who may do it::

    @router.post("/notes/{note}")
    async def edit(note: str, visit: Annotated[Visit, may(Action.EDIT_NOTE, owner=_author)]) -> …

A route for anybody says so: ``dependencies=[anyone()]``. The tests refuse one that says neither.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.config import BASE
from desk.deeds import Deed
from desk.door import Cookies, refuse_forgery
from desk.flash import put_flash, take_flash
from desk.language import locale_of
from desk.navigation import entries_for
from desk.parts import Desk, Parts
from desk.permissions import Action, authorize, is_allowed
from desk.refusals import LoggedOut, StepDue
from desk.sessions import Session, csrf_of, session_id
from desk.staff import Agent
from desk.steps import WAYS, Step, due

SEEN_EVERY: Final = timedelta(minutes=1)
"""A session's last use is written down no more often than this."""

ALWAYS: Final = frozenset(Step)
"""For routes that are open at every step."""

PROVEN: Final = timedelta(minutes=15)
"""So long after password and second factor were shown, accounts and factors may be changed."""

Owner = Callable[[Parts, Mapping[str, str]], Awaitable[str | None]]
"""Finds, by the path's parameters, the agent whose object it is; None: nobody's."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody logged in who may do what the route does."""

    request: Request
    desk: Desk
    agent: Agent
    session: Session
    csrf: str
    locale: str
    due: Step | None = None  # what they must do first

    @property
    def parts(self) -> Parts:
        """What the desk is made of."""
        return self.desk.parts

    @property
    def now(self) -> datetime:
        """The time."""
        return self.desk.parts.clock()

    @property
    def is_proven(self) -> bool:
        """Whether password and second factor were shown not long ago."""
        return self.now - self.session.proven_at < PROVEN

    def require_proof(self) -> None:
        """Raise ``StepDue`` (to the page that asks for the password again) unless proven."""
        if not self.is_proven:
            raise StepDue("/prove", "prove")

    def may(self, action: Action, owner: str | None = None) -> bool:
        """Whether this person may do something else, to decide what to offer."""
        return is_allowed(self.agent, action, owner)

    def say(self, key: str, /, **params: object) -> str:
        """A text in the reader's language."""
        return self.desk.texts.say(key, self.locale, **params)

    async def record(self, action: Deed, about: str = "", **detail: str) -> None:
        """Write down in the audit trail that this person did ``action`` to ``kind:id``.

        Before what it tells of is shown or done, so that nothing happens unwritten; ``detail``
        never holds an applicant's value.
        """
        await self.parts.audit.record(self.agent, action, about, detail)

    def page(self, name: str, status: int = 200, /, **context: Any) -> Response:
        """A whole page; its template extends ``base.html``."""
        response = self.desk.templates.page(
            name,
            self.locale,
            status,
            **self._common(),
            nav=[] if self.due else entries_for(self.agent, self.request.url.path),
            flash=take_flash(self.request, self.desk.texts, self.locale),
            **context,
        )
        response.delete_cookie("beian-flash", path=BASE)
        return response

    def fragment(self, name: str, /, **context: Any) -> str:
        """A piece of a page, for a script to show or to send as an event."""
        return self.desk.templates.fragment(name, self.locale, **self._common(), **context)

    def go(self, path: str, flash: str | None = None, **params: str | int) -> Response:
        """After a form: on to ``path`` (``"/accounts"``), where the text ``flash`` is shown."""
        response = RedirectResponse(f"{BASE}{path}", 303)
        if flash is not None:
            put_flash(response, flash, params)
        return response

    def _common(self) -> dict[str, Any]:
        return {
            "due": self.due,
            "agent": self.agent,
            "csrf": self.csrf,
            "may": self.may,
            "Action": Action,
        }


@dataclass(frozen=True, slots=True)
class Admission:
    """The dependency behind ``may``: lets a request in, or raises what keeps it out."""

    action: Action
    owner: Owner | None = None
    background: bool = False  # a script asks by itself: it does not keep the session alive
    during: frozenset[Step] = frozenset()

    async def __call__(self, request: Request) -> Visit:
        """The visit. Raises ``LoggedOut``, ``StepDue``, ``Refusal`` or ``NotAllowed``."""
        desk: Desk = request.app.state.desk
        token = request.cookies.get(Cookies(desk.parts.config.is_https).session, "")
        session, agent = await _known(desk.parts, token, is_used=not self.background)
        await refuse_forgery(request, desk.parts.config, token)
        step = due(agent, session)
        if step is not None and step not in self.during:
            raise StepDue(WAYS[step], f"step_{step}")
        owner = None
        if self.owner is not None:
            owner = await self.owner(desk.parts, request.path_params)
        authorize(agent, self.action, owner)
        locale = locale_of(request, agent.locale)
        return Visit(request, desk, agent, session, csrf_of(token), locale, step)


@dataclass(frozen=True, slots=True)
class Anyone:
    """The dependency behind ``anyone``: the route is for people who are not logged in."""

    async def __call__(self) -> None:
        """Let everybody in."""


def may(
    action: Action,
    owner: Owner | None = None,
    *,
    background: bool = False,
    during: frozenset[Step] = frozenset(),
) -> Any:
    """A route's parameter that is the visit of somebody who may do ``action``.

    ``owner`` finds whose object the path names, where own and others' differ. What a page asks
    for in the ``background`` does not count as use of the session: an open tab alone must not
    keep anybody logged in. ``during`` are the steps at which the route is open though the desk
    as a whole is not yet.
    """
    return Depends(Admission(action, owner, background, during))


def anyone() -> Any:
    """Declares that a route is open to all."""
    return Depends(Anyone())


async def _known(parts: Parts, token: str, *, is_used: bool) -> tuple[Session, Agent]:
    found = await parts.sessions.find(session_id(token)) if token else None
    if found is None:
        raise LoggedOut
    session, agent = found
    now = parts.clock()
    if session.is_over(now):
        await parts.sessions.end(session.id)
        raise LoggedOut
    if is_used and now - session.seen_at >= SEEN_EVERY:
        await parts.sessions.seen(session.id, now)
    return session, agent
