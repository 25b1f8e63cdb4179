"""Keys, sealed values and the blind index."""

import base64
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import KEY_BYTES, Cipher, MasterKey, new_key
from storage.errors import BadMasterKey, KeyFileExposed, UnreadableRecord, WrongMasterKey

MASTER = MasterKey(bytes(range(KEY_BYTES)))


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_at_a_place_opens_there_and_nowhere_else(plain: bytes, place: str) -> None:
    cipher = Cipher(new_key())
    sealed = cipher.seal(plain, place)
    assert cipher.open(sealed, place) == plain
    with pytest.raises(UnreadableRecord):
        cipher.open(sealed, place + "x")
    with pytest.raises(UnreadableRecord):
        Cipher(new_key()).open(sealed, place)


@given(st.data())
def test_a_sealed_value_with_any_byte_changed_does_not_open(data: st.DataObject) -> None:
    cipher = Cipher(new_key())
    sealed = bytearray(cipher.seal("某人".encode(), "place"))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(UnreadableRecord):
        cipher.open(bytes(sealed), "place")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(5), bytes(40)])
def test_a_value_that_was_never_sealed_is_unreadable(sealed: bytes) -> None:
    with pytest.raises(UnreadableRecord, match="somewhere"):
        MASTER_CIPHER.open(sealed, "somewhere")


MASTER_CIPHER = Cipher(bytes(KEY_BYTES))


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert len({MASTER_CIPHER.seal(b"13800138000", "phone") for _ in range(100)}) == 100


def test_a_wrapped_key_opens_for_its_own_scope_only() -> None:
    key = new_key()
    wrapped = MASTER.wrap(key, "filing-1")
    assert MASTER.unwrap(wrapped, "filing-1", MASTER.id) == key
    with pytest.raises(UnreadableRecord):
        MASTER.unwrap(wrapped, "filing-2", MASTER.id)


def test_another_master_key_is_recognised_by_its_id_and_the_message_names_a_cure() -> None:
    wrapped = MASTER.wrap(new_key(), "filing-1")
    other = MasterKey(new_key())
    with pytest.raises(WrongMasterKey, match=f"{MASTER.id}.*{other.id}.*BEIAN_MASTER_KEY"):
        other.unwrap(wrapped, "filing-1", MASTER.id)


def test_the_blind_index_knows_equal_values_of_one_field_under_one_key() -> None:
    digest = MASTER.blind("phone", "13800138000")
    assert MASTER.blind("phone", "13800138000") == digest
    others = [
        MASTER.blind("emergency_phone", "13800138000"),
        MASTER.blind("phone", "13800138001"),
        MASTER.blind("phon", "e\x0013800138000"),
        MasterKey(new_key()).blind("phone", "13800138000"),
    ]
    assert digest not in others
    assert b"138" not in digest


def test_a_master_key_is_read_from_both_kinds_of_base64_and_shows_only_its_id() -> None:
    key = b"\xfb\xff\xfe" + bytes(29)
    ordinary, safe = base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode()
    assert ordinary != safe
    ids = {MasterKey.from_text(text).id for text in (ordinary, safe, f" {safe.rstrip('=')}\n")}
    assert ids == {MasterKey(key).id}
    assert ordinary not in repr(MasterKey(key))


@pytest.mark.parametrize("text", ["", "secret", "密钥", base64.b64encode(bytes(16)).decode()])
def test_a_master_key_of_the_wrong_form_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(BadMasterKey, match="32 random bytes in base64") as refused:
        MasterKey.from_text(text)
    assert not text or text not in str(refused.value)


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / "master.key"
    first = MasterKey.from_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert MasterKey.from_file(path).id == first.id
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are a matter of POSIX")
def test_a_key_file_others_may_read_is_refused_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    MasterKey.from_file(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileExposed, match=f"chmod 600 {path}"):
        MasterKey.from_file(path)


def test_a_key_file_that_holds_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.touch(mode=0o600)
    path.write_bytes(b"\xff not a key")
    with pytest.raises(BadMasterKey, match=r"master\.key"):
        MasterKey.from_file(path)
