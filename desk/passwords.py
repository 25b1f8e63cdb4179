"""Passwords of staff: argon2id with the library's parameters, a few at a time."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE: Final = 4
"""Hashes computed at the same time: each takes 64 MiB, so a flood of logins must queue."""

SHORTEST: Final = 8
ADVISED: Final = 15
LONGEST: Final = 256
"""Characters of a password."""

_JUDGED = 72  # characters zxcvbn looks at
_LOWEST_SCORE = 2  # of 0 to 4: more than a million guesses

_HASHER: Final = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password was right, and a fresh hash if the kept one is out of date."""

    is_right: bool
    rehashed: str | None = None


def one_time_password() -> str:
    """A password to give to somebody, who changes it at once: 120 random bits."""
    return secrets.token_urlsafe(15)


def hash_now(password: str) -> str:
    """The hash of a password, computed here and now; for commands, not for servers."""
    return _HASHER.hash(password)


async def hash_password(password: str) -> str:
    """The hash of a password."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), hash_now, password)


async def check_password(password: str, kept: str | None) -> Checked:
    """Compare with the kept hash; None (nobody of that name) takes as long and is wrong."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _check, password, kept)


def _check(password: str, kept: str | None) -> Checked:
    try:
        _HASHER.verify(_nobodys() if kept is None else kept, password)
    except (VerificationError, InvalidHashError):
        return Checked(False)
    if kept is None:
        return Checked(False)
    stale = _HASHER.check_needs_rehash(kept)
    return Checked(True, _HASHER.hash(password) if stale else None)


@cache
def _nobodys() -> str:
    """The hash of a password nobody knows."""
    return _HASHER.hash(secrets.token_urlsafe(32))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "beian-password")


def weakness(password: str, *words: str) -> str | None:
    """What is wrong with a new password, as ``account.no_<code>``; None if nothing is.

    Length and how soon it is guessed count, no mixture of characters is asked for (OWASP ASVS
    6.2). ``words`` are what anybody would try first for this person.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    from zxcvbn import zxcvbn  # its word lists take a tenth of a second to load

    judged = zxcvbn(password[:_JUDGED], user_inputs=[*words, "beian", "备案", "desk"])
    return "guessed" if judged["score"] < _LOWEST_SCORE else None
