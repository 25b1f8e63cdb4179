"""The specimens are drawn alike for the same seed, and their numbers are well formed."""

from datetime import date

import pytest

from filing.identifiers.id_card import parse_id_card
from filing.identifiers.uscc import organisation_fits, parse_uscc
from tests.specimens.cards import id_front, passport
from tests.specimens.licence import licence
from tests.specimens.people import body, person
from tests.specimens.photo import Shot, photograph

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize("seed", range(40))
def test_invented_numbers_pass_every_check_and_are_of_nobody_alive(seed: int) -> None:
    who, whose = person(seed), body(seed, shop=seed % 3 == 0)
    assert parse_id_card(who.number, TODAY) == who.number
    assert who.born.year < 1890
    assert parse_uscc(whose.code) == whose.code
    assert organisation_fits(whose.code)
    assert "样例" in whose.name


def test_a_seed_gives_the_same_photo_each_time() -> None:
    shot = Shot(width=400, height=300)
    assert photograph(licence(3), shot, 3) == photograph(licence(3), shot, 3)
    assert photograph(licence(3), shot, 3) != photograph(licence(4), shot, 4)


def test_the_lines_for_machines_have_their_check_digits() -> None:
    assert passport(1).fields["number"].startswith("E0000")
    assert id_front(1).fields["number"] == person(1).number
