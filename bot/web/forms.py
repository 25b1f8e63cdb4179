"""The secure form: sensitive answers typed on a page of the operator's own, once."""

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.metrics import Metrics
from bot.pacing import Buckets
from bot.web.body import read_body
from bot.web.identity import CHANNEL
from bot.web.pages import Pages
from bot.web.ports import SecureForms
from bot.web.problems import Problem
from bot.web.security import refuse_cross_site_form
from bot.web.visit import network

_MAX_BODY = 32 * 1024  # bytes
_MAX_FIELDS = 50


def form_router(forms: SecureForms, pages: Pages, rates: Buckets, metrics: Metrics) -> APIRouter:
    """The page at ``/form/<token>``.

    It only takes: what was stored before is never shown, and neither is what was just typed.
    A token that is unknown, used, expired or overtaken gives one and the same answer.
    """
    router = APIRouter(prefix="/form")

    def gone(request: Request) -> Response:
        metrics.refused(CHANNEL, "form_gone")
        return pages.render("form_gone.html", pages.texts.locale_of(request), "form", 404)

    def slow_down(request: Request) -> Response | None:
        wait = rates.admit(network(request))
        if not wait:
            return None
        metrics.refused(CHANNEL, "too_fast")
        page = pages.render("form_wait.html", pages.texts.locale_of(request), "form", 429)
        page.headers["Retry-After"] = str(int(wait) + 1)
        return page

    @router.get("/{token}")
    async def show(request: Request, token: str) -> Response:
        if hurried := slow_down(request):
            return hurried
        form = await forms.open(token)
        if form is None:
            return gone(request)
        return pages.render("form.html", form.locale, "form", form=form, wrong={})

    @router.post("/{token}")
    async def take(request: Request, token: str) -> Response:
        refuse_cross_site_form(request)
        if hurried := slow_down(request):
            return hurried
        values = _typed(await read_body(request, _MAX_BODY))
        form = await forms.open(token)
        if form is None:
            return gone(request)
        asked = {field.key for field in form.fields}
        if not asked >= values.keys():
            raise Problem(422, "bad_message", fields="form")
        filled = await forms.fill(token, values)
        if filled is None:
            return gone(request)
        if filled.wrong is not None:
            return pages.render(
                "form.html", form.locale, "form", 422, form=form, wrong=filled.wrong
            )
        return pages.render("form_done.html", form.locale, "form", received=filled.received)

    return router


def _typed(body: bytes) -> dict[str, str]:
    """The fields of a submitted form. Raises Problem for what no form of ours sends."""
    try:
        return dict(parse_qsl(body.decode(), True, errors="strict", max_num_fields=_MAX_FIELDS))
    except ValueError:
        raise Problem(400, "bad_request") from None
