"""Message encryption: the same bytes as others make, and nothing that was tampered with."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tencent.crypto import Forged, MessageKey, is_signed, signature
from tests.parts.wechat import NpmCrypto

CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx0123456789abcdef"
KEY = MessageKey.of(CHARACTERS, APP_ID)
SALT = bytes(range(16))

MESSAGES = [
    *("备案网站域名" * 20)[:40],
    *("x" * length for length in range(70)),
    *("案" * length for length in range(1, 13)),
    "🙂 表情 👩‍👩‍👧",
    "備案號與網域名稱",
    "案" * 2000,
]
"""125 texts: every length around a block, characters of one to four bytes, and a long one."""


def _reencrypted(plain: bytes, key: MessageKey = KEY) -> str:
    """What is whole blocks already, encrypted as it is."""
    encryptor = key._cipher().encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def test_the_bytes_are_those_of_other_implementations(npm_crypto: NpmCrypto) -> None:
    theirs = npm_crypto.encrypted(MESSAGES, key=CHARACTERS, app_id=APP_ID, salt=SALT.hex())
    assert len(MESSAGES) == 125
    assert [KEY.encrypt(text.encode(), SALT) for text in MESSAGES] == theirs
    assert [KEY.decrypt(sealed).decode() for sealed in theirs] == MESSAGES


def test_others_read_what_we_encrypt(npm_crypto: NpmCrypto) -> None:
    ours = [KEY.encrypt(text.encode()) for text in MESSAGES]
    theirs = npm_crypto.decrypted(ours, key=CHARACTERS, app_id=APP_ID)
    assert theirs == [[text, APP_ID] for text in MESSAGES]


def test_signatures_are_those_of_other_implementations(npm_crypto: NpmCrypto) -> None:
    token, timestamp, nonce = "a_token", "1795939200", "n0nce"
    texts = ["", *(KEY.encrypt(text.encode()) for text in MESSAGES[:20])]
    theirs = npm_crypto.signatures(
        texts, key=CHARACTERS, app_id=APP_ID, token=token, timestamp=timestamp, nonce=nonce
    )
    assert [signature(token, timestamp, nonce, text) for text in texts] == theirs


@given(st.binary(max_size=200))
def test_every_message_comes_back(message: bytes) -> None:
    assert KEY.decrypt(KEY.encrypt(message)) == message


@given(st.binary(max_size=80), st.data())
def test_no_bit_of_the_framing_may_change(message: bytes, data: st.DataObject) -> None:
    """Length, app id and padding: flipped before encryption, where no signature can see it."""
    plain = SALT + len(message).to_bytes(4) + message + APP_ID.encode()
    padding = 32 - len(plain) % 32
    whole = bytearray(plain + bytes([padding]) * padding)
    framing = [*range(16, 20), *range(20 + len(message), len(whole))]
    place = data.draw(st.sampled_from(framing))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Forged):
        KEY.decrypt(_reencrypted(bytes(whole)))


@given(st.binary(min_size=1, max_size=80), st.data())
def test_a_flipped_bit_of_the_ciphertext_never_goes_through_as_it_was(
    message: bytes, data: st.DataObject
) -> None:
    sealed = bytearray(base64.b64decode(KEY.encrypt(message)))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    changed = base64.b64encode(sealed).decode()
    assert not is_signed(signature("t", "1", "n", KEY.encrypt(message)), "t", "1", "n", changed)


@pytest.mark.parametrize(
    "encrypted",
    [
        "",
        "=",
        "案",
        "not base64 at all!",
        base64.b64encode(b"x").decode(),
        base64.b64encode(b"x" * 16).decode(),
        base64.b64encode(b"x" * 33).decode(),
        base64.b64encode(bytes(range(160)) * 2).decode()[:-1],
        _reencrypted(b"\x20" * 32),
        _reencrypted(b"\x00" * 32),
        _reencrypted(b"\x21" * 64),
        _reencrypted(b"\x10" * 16),
        _reencrypted(b"r" * 16 + b"\xff\xff\xff\xff" + b"x" * 11 + b"\x01"),
        MessageKey.of(CHARACTERS, "wxffffffffffffffff").encrypt(b"another account's", SALT),
        MessageKey.of(CHARACTERS, APP_ID + "0").encrypt(b"a longer app id", SALT),
        MessageKey.of(CHARACTERS, APP_ID[:-1]).encrypt(b"a shorter app id", SALT),
        MessageKey.of(CHARACTERS[::-1], APP_ID).encrypt(b"another key", SALT),
    ],
)
def test_what_was_not_encrypted_for_us_is_refused(encrypted: str) -> None:
    with pytest.raises(Forged):
        KEY.decrypt(encrypted)


@given(st.text(max_size=120))
def test_no_text_makes_it_stumble(text: str) -> None:
    with pytest.raises(Forged):
        KEY.decrypt(text)


@pytest.mark.parametrize("characters", ["", CHARACTERS[:-1], CHARACTERS + "A", "!" * 43, "键" * 43])
def test_a_key_has_43_letters_and_digits(characters: str) -> None:
    with pytest.raises(ValueError, match="43"):
        MessageKey.of(characters, APP_ID)


def test_the_key_shows_nowhere() -> None:
    assert repr(KEY.key) not in repr(KEY) and CHARACTERS not in repr(KEY)


@pytest.mark.parametrize("given_", ["", "é", "\ud800", "0" * 40, "\x00"])
def test_a_wrong_signature_is_refused_whatever_it_holds(given_: str) -> None:
    assert not is_signed(given_, "t", "1", "n", "e")


@pytest.mark.parametrize("place", range(5))
def test_the_signature_covers_every_part(place: int) -> None:
    right = [
        signature("token", "1795939200", "nonce", "text"),
        "token",
        "1795939200",
        "nonce",
        "text",
    ]
    assert is_signed(*right)
    right[place] += "0"
    assert not is_signed(*right)
