"""The secure form: sensitive answers, and pictures of papers, on a page of our own, once."""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, unquote

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from bot.materials.sniffing import ACCEPTED
from bot.metrics import Metrics
from bot.pacing import Buckets
from bot.privacy.errors import TooManyCopies
from bot.web.body import read_body
from bot.web.downloads import download, streamed
from bot.web.identity import CHANNEL
from bot.web.pages import Pages
from bot.web.ports import SecureForms
from bot.web.problems import Problem
from bot.web.security import refuse_cross_site_form
from bot.web.texts import LOCALES
from bot.web.visit import network
from dialogs.turn.papers import PICTURE_FIELD

_MAX_BODY = 32 * 1024  # bytes
_MAX_FIELDS = 50


def form_router(
    forms: SecureForms, pages: Pages, rates: Buckets, uploads: Buckets, metrics: Metrics
) -> APIRouter:
    """The page at ``/form/<token>``.

    A form only takes: what was stored before is never shown, and neither is what was just typed.
    The token of letters opens a page from which they are fetched instead, that of a copy of
    one's data one that hands it out once: by a button, as messengers look at links by themselves.
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
        if form is not None:
            return pages.render(
                "form.html", form.locale, "form", form=form, wrong={}, accept=ACCEPTED
            )
        if (locale := await forms.offers_copy(token)) is not None:
            return pages.render("copy.html", locale, "copy", token=token)
        offered = await forms.letters(token)
        if offered is None:
            return gone(request)
        return pages.render(
            "letters.html", offered.locale, "letters", letters=offered.letters, token=token
        )

    @router.get("/{token}/{key}.{ending}")
    async def hand_out(
        request: Request, token: str, key: str, ending: Literal["docx", "pdf"]
    ) -> Response:
        if hurried := slow_down(request):
            return hurried
        letter = await forms.fetch(token, key, ending)
        return gone(request) if letter is None else download(letter.name, letter.content)

    @router.post("/{token}")
    async def take(request: Request, token: str) -> Response:
        refuse_cross_site_form(request)
        if hurried := slow_down(request):
            return hurried
        values, pictures = _typed(await read_body(request, _MAX_BODY))
        form = await forms.open(token)
        if form is None:
            return gone(request)
        asked = {field.key for field in form.fields}
        if not asked >= values.keys() | pictures.keys():
            raise Problem(422, "bad_message", fields="form")
        filled = await forms.fill(token, values, pictures)
        if filled is None:
            return gone(request)
        if filled.wrong is not None:
            return pages.render(
                "form.html",
                form.locale,
                "form",
                422,
                form=form,
                wrong=filled.wrong,
                accept=ACCEPTED,
            )
        return pages.render(
            "form_done.html", form.locale, "form", received=filled.received, said=filled.said
        )

    @router.post("/{token}/copy")
    async def copy(request: Request, token: str) -> Response:
        refuse_cross_site_form(request)
        if hurried := slow_down(request):
            return hurried
        locale = await forms.offers_copy(token)
        try:
            parts = await forms.copy(token)
        except TooManyCopies as many:
            metrics.refused(CHANNEL, "too_many_copies")
            return too_many_copies(pages, locale or pages.texts.locale_of(request), many)
        if parts is None:
            return gone(request)
        return streamed(pages.texts.part("copy", locale or LOCALES[0])["file"], parts)

    @router.post("/{token}/pictures")
    async def receive(
        request: Request,
        token: str,
        field: Annotated[str, Query(max_length=100)],
        x_file_name: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        """One chosen file, as the bare body: it is never written to a temporary file."""
        refuse_cross_site_form(request)
        wait = uploads.admit(network(request))
        if wait:
            metrics.refused(CHANNEL, "too_fast")
            raise Problem(429, "too_fast", retry_after=int(wait) + 1)
        if await forms.open(token) is None:  # before the body is read
            metrics.refused(CHANNEL, "form_gone")
            raise Problem(404, "not_found")
        content = await read_body(request, pages.config.max_file)
        taken = await forms.receive(token, field, unquote(x_file_name), content)
        if taken is None:
            raise Problem(404, "not_found")
        return {"kept": taken.kept, "wrong": taken.wrong}

    return router


def too_many_copies(pages: Pages, locale: str, many: TooManyCopies) -> Response:
    """Says when the next copy can be made."""
    page = pages.render("copy_wait.html", locale, "copy", 429)
    page.headers["Retry-After"] = str(int(many.wait.total_seconds()) + 1)
    return page


def _typed(body: bytes) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The fields of a submitted form, and the pictures of those that take any.

    Raises Problem for what no form of ours sends.
    """
    try:
        fields = parse_qsl(body.decode(), True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise Problem(400, "bad_request") from None
    pictures: dict[str, list[str]] = {}
    for key, value in fields:
        if key.startswith(PICTURE_FIELD):
            pictures.setdefault(key, []).append(value)
    return {key: value for key, value in fields if key not in pictures}, pictures
