"""The language the desk speaks: chosen, the account's, or the browser's first that we know."""

from typing import Final

from starlette.requests import Request

from desk.wording import LOCALES

COOKIE: Final = "beian_lang"


def locale_of(request: Request, kept: str | None = None) -> str:
    """The reader's language; ``kept`` is what their account says."""
    for chosen in (request.query_params.get("lang"), kept, request.cookies.get(COOKIE)):
        if chosen in LOCALES:
            return chosen
    for wish in request.headers.get("accept-language", "").split(",")[:10]:
        language = wish.strip()[:2].lower()
        if language == "en":
            return "en"
        if language == "zh":
            break
    return LOCALES[0]
