"""Made-up identifiers that check out, built by the standards' own tables, not by our code."""

from datetime import date

from hypothesis import strategies as st

TODAY = date(2026, 11, 23)

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def with_id_check(body: str) -> str:
    """The 17 digits with their check character (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def with_uscc_check(body: str) -> str:
    """The 17 characters with their check character (GB 32100)."""
    pairs = zip(body, _USCC_WEIGHTS, strict=True)
    total = sum(_USCC_SIGNS.index(sign) * weight for sign, weight in pairs)
    return body + _USCC_SIGNS[(31 - total % 31) % 31]


def with_org_check(body: str) -> str:
    """The 8 characters with their check character (GB 11714)."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, _ORG_WEIGHTS, strict=True))
    check = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def with_registration_check(body: str) -> str:
    """The 14 digits with their check digit (ISO 7064 MOD 11,10)."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return body + str((11 - product) % 10)


def _digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


_births = st.dates(date(1900, 1, 1), TODAY).map(lambda day: day.strftime("%Y%m%d"))

id_cards = st.builds(
    lambda county, born, order: with_id_check(county + born + order),
    st.sampled_from(["110105", "320114", "440524", "650105", "513401"]),
    _births,
    _digits(3),
)
residence_permits = st.builds(
    lambda prefix, born, order: with_id_check(prefix + born + order),
    st.sampled_from(["810000", "820000", "830000"]),
    _births,
    _digits(3),
)
permanent_residents = st.builds(
    lambda prefix, born, order: with_id_check("9" + prefix + born + order),
    _digits(5),
    _births,
    _digits(3),
)
usccs = st.builds(
    lambda kind, region, org: with_uscc_check(kind + region + org),
    st.sampled_from(["91", "92", "12", "51", "A1"]),
    st.sampled_from(["110000", "320100", "440300"]),
    st.text(_USCC_SIGNS, min_size=9, max_size=9),
)
org_codes = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8).map(
    with_org_check
)
registrations = _digits(14).map(with_registration_check)
mobiles = st.builds(lambda head, tail: f"1{head}{tail}", st.sampled_from("3456789"), _digits(9))
