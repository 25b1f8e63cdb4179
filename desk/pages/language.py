"""Switching the language of the desk; the choice is kept with the account."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from desk.permissions import Action
from desk.staff import Change
from desk.visits import ALWAYS, Visit, may
from desk.ways import way_back

router = APIRouter()


@router.post("/language")
async def switch(
    visit: Annotated[Visit, may(Action.ENTER, during=ALWAYS)],
    locale: Annotated[Literal["zh-CN", "en"], Form()],
    back: Annotated[str, Form()] = "",
) -> Response:
    """Speak another language from now on."""
    await visit.parts.agents.change(visit.agent.name, Change(locale=locale))
    return RedirectResponse(way_back(back), 303)
