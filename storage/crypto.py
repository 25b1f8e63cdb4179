"""Encryption of what applicants tell: a master key that wraps data keys, and a blind index.

AES-256-GCM everywhere, with a fresh random nonce per value. The additional data names the place
a value belongs to, so a ciphertext copied to another row, field or person does not open.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import BadMasterKey, KeyFileExposed, UnreadableRecord, WrongMasterKey

KEY_BYTES = 32
NONCE_BYTES = 12
_FORMAT = b"\x01"  # first byte of every sealed value, so that the scheme can change one day


class Cipher:
    """Seals and opens the values of one scope with its data key."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, place: str) -> bytes:
        """The encrypted form of ``plain``, good only at ``place``."""
        nonce = os.urandom(NONCE_BYTES)
        return _FORMAT + nonce + self._aead.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed at ``place``; raises ``UnreadableRecord`` naming the place."""
        if sealed[:1] != _FORMAT:
            raise UnreadableRecord(place)
        nonce, text = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._aead.decrypt(nonce, text, place.encode())
        except (InvalidTag, ValueError):
            raise UnreadableRecord(place) from None


class MasterKey:
    """The one secret outside the database: wraps data keys and salts the blind index.

    ``id`` is a public fingerprint kept beside each wrapped key, to recognise a wrong master
    key before it garbles anything, and to tell keys apart when they are changed.
    ``staff_secrets`` seals what belongs to no applicant: second factors, the audit trail's
    details; ``audit_key`` chains that trail. ``channel_secrets`` seals what a channel keeps for
    itself: its token, and deliveries not yet dealt with.
    """

    __slots__ = (
        "_backups",
        "_blind",
        "_wrapper",
        "audit_key",
        "channel_secrets",
        "id",
        "staff_secrets",
    )

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise BadMasterKey("master key")
        self.id = _derive(key, b"beian key id", 6).hex()
        self._wrapper = Cipher(_derive(key, b"beian data keys", KEY_BYTES))
        self._blind = _derive(key, b"beian blind index", KEY_BYTES)
        self.staff_secrets = Cipher(_derive(key, b"beian staff secrets", KEY_BYTES))
        self.audit_key = _derive(key, b"beian audit trail", KEY_BYTES)
        self.channel_secrets = Cipher(_derive(key, b"beian channel secrets", KEY_BYTES))
        self._backups = _derive(key, b"beian backups", KEY_BYTES)

    def __repr__(self) -> str:
        return f"MasterKey(id={self.id!r})"

    @classmethod
    def from_text(cls, text: str, source: str = "BEIAN_MASTER_KEY") -> "MasterKey":
        """Read a key in base64, ordinary or URL-safe; ``source`` is named if it is wrong."""
        plain = text.strip().replace("-", "+").replace("_", "/")
        try:
            key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        except (binascii.Error, ValueError):
            raise BadMasterKey(source) from None
        if len(key) != KEY_BYTES:
            raise BadMasterKey(source)
        return cls(key)

    @classmethod
    def from_file(cls, path: Path) -> "MasterKey":
        """The key in ``path``; on first use one is made there, readable by its owner only."""
        if not path.exists():
            _create(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise KeyFileExposed(str(path))
        return cls.from_text(path.read_text(encoding="ascii", errors="replace"), str(path))

    def wrap(self, key: bytes, scope: str) -> bytes:
        """A data key as the database may keep it."""
        return self._wrapper.seal(key, f"key/{scope}")

    def unwrap(self, wrapped: bytes, scope: str, key_id: str) -> bytes:
        """The data key of ``scope``; raises ``WrongMasterKey`` if another key wrapped it."""
        if key_id != self.id:
            raise WrongMasterKey(key_id, self.id)
        return self._wrapper.open(wrapped, f"key/{scope}")

    def backup_key(self, salt: bytes) -> bytes:
        """The key of one backup, which has this salt."""
        kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"beian backup")
        return kdf.derive(self._backups)

    def blind(self, field: str, value: str) -> bytes:
        """A digest by which equal values of a field are found without being readable."""
        text = f"{field}\x00{value}".encode("utf-8", "replace")
        return hmac.digest(self._blind, text, hashlib.sha256)


def new_key() -> bytes:
    """A random data key."""
    return secrets.token_bytes(KEY_BYTES)


def _derive(key: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key)


def _create(path: Path) -> None:
    """Write a new key file whole or not at all, also when two processes start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(new_key()) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link fails where a rename would overwrite: the first process's key stands.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
