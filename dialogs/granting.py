"""Permissions to fill a secure form, given with the reply whose button opens it."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from dialogs.case import Case
from dialogs.message import Button, Reply
from dialogs.ports import FormGrant
from dialogs.world import World

FORM_LIFE = timedelta(minutes=20)

LETTER = "letter:"
"""Before the key of a letter that a page hands out, among the steps of a form."""

COPIES = "copy:all"
"""The step of a form whose page hands out a copy of all that is kept of a person, once."""


def with_form(
    reply: Reply, case: Case, form_url: Callable[[str], str], now: datetime, world: World
) -> tuple[Reply, FormGrant] | None:
    """The reply with the button that opens its form, and whom that lets in.

    None where nothing is to be filled, or there is no filing it could be filled for.
    """
    filing = case.filing
    if reply.form == (COPIES,) and filing is None:  # it is of the person, not of a filing
        filing = next(iter(case.filings.values()), None)
    if not reply.form or filing is None:
        return None
    token = secrets.token_urlsafe(24)
    grant = FormGrant(
        sha256(token.encode()).hexdigest(),
        filing.id,
        reply.form,
        now + FORM_LIFE,
        case.identity,
        case.locale,
    )
    fetches = reply.form[0].startswith((LETTER, COPIES))
    label = world.wording.say(f"button.open_{'letters' if fetches else 'form'}", case.locale)
    opening = Button(label, "form", url=form_url(token))
    return replace(reply, buttons=(opening, *reply.buttons)), grant
