"""Ten thousand guesses: nobody gets in, and after a few nobody is even listened to."""

import random
from dataclasses import dataclass, field
from typing import Literal

import pytest
from argon2 import PasswordHasher
from pyotp import TOTP
from starlette.requests import Request

from desk import passwords
from desk.audit import Wanted
from desk.deeds import Deed
from desk.parts import Parts
from desk.refusals import Refusal
from desk.signing_in import prove_code, prove_password
from desk.staff import Agent, Role
from dialogs.world import World
from tests.desk.making import new_parts
from tests.desk.people import PASSWORD, SECRET, open_account

GUESSES = 10_000
PER_NAME = 10  # failures under one name in a quarter of an hour
PER_ADDRESS = 5  # of one network address in five minutes


@pytest.fixture
async def guarded(quick_hashes: None, world: World) -> tuple[Parts, Agent]:
    """A desk with one account that has a second factor."""
    parts, _ = new_parts(world)
    return parts, await open_account(parts, "zhao", Role.ADMIN, has_factor=True)


def coming_from(address: str) -> Request:
    """A request from a network address."""
    return Request({"type": "http", "client": (address, 1), "headers": []})


def anywhere(number: int) -> str:
    """Another network each time."""
    return f"203.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@pytest.mark.parametrize("spread", ["one address", "ten thousand addresses"])
async def test_passwords_are_guessed_in_vain(guarded: tuple[Parts, Agent], spread: str) -> None:
    parts, _ = guarded
    let_in = listened = 0
    for number in range(GUESSES):
        address = anywhere(number) if spread != "one address" else "203.0.113.9"
        password = PASSWORD if number == GUESSES // 2 else f"guess {number}"  # even a lucky one
        try:
            agent = await prove_password(parts, coming_from(address), "zhao", password)
        except Refusal:
            continue
        listened += 1
        let_in += agent is not None
    assert let_in == 0
    assert listened == (PER_ADDRESS if spread == "one address" else PER_NAME)
    refused = await parts.audit.entries(Wanted(action=Deed.LOGIN_REFUSED))
    assert len(refused) == listened  # each that was listened to is written down


async def test_one_password_tried_on_ten_thousand_names_opens_none(
    guarded: tuple[Parts, Agent],
) -> None:
    parts, _ = guarded
    listened = 0
    for number in range(GUESSES):
        try:
            found = await prove_password(
                parts, coming_from("203.0.113.9"), f"name{number}", PASSWORD
            )
        except Refusal:
            continue
        listened += 1
        assert found is None
    assert listened == PER_ADDRESS


async def test_one_time_codes_are_guessed_in_vain(guarded: tuple[Parts, Agent]) -> None:
    parts, admin = guarded
    right = TOTP(SECRET).at(parts.clock())
    codes = [f"{number:06}" for number in range(GUESSES) if f"{number:06}" != right]
    random.Random(1).shuffle(codes)
    listened = 0
    for number, code in enumerate(codes):
        try:
            assert not await prove_code(parts, coming_from(anywhere(number)), admin, code)
        except Refusal:
            continue
        listened += 1
    assert listened == PER_NAME


@dataclass
class Counting(PasswordHasher):
    """Hashes as ever, and counts how often it compared."""

    compared: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        """See ``PasswordHasher``."""
        self.compared.append(str(hash)[:31])
        return super().verify(hash, password)


async def test_a_name_nobody_has_costs_the_same_work_as_a_wrong_password(
    guarded: tuple[Parts, Agent], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, _ = guarded
    counting = Counting()
    monkeypatch.setattr(passwords, "_HASHER", counting)
    passwords._nobodys.cache_clear()
    for name in ("zhao", "nobody"):
        assert await prove_password(parts, coming_from("203.0.113.9"), name, "wrong") is None
    passwords._nobodys.cache_clear()
    assert len(counting.compared) == 2
    kept, nobodys = counting.compared
    assert kept.split("$")[:3] == nobodys.split("$")[:3]
