"""Message encryption of WeChat and WeCom: AES-256-CBC, padded to 32 bytes, signed with SHA-1.

Written from the public description, because no maintained library does it; two implementations
from npm check it byte for byte in the tests. Inside the ciphertext lie 16 random bytes, the
length of the message in four bytes, the message and whom it is for: the app id or corp id.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

KEY_CHARACTERS: Final = 43
_BLOCK: Final = 32  # bytes; more than AES asks for, so no library pads like this
_HEAD: Final = 20  # random bytes and length


class Forged(Exception):
    """A text that was not encrypted for us, whatever was done to it."""


@dataclass(frozen=True, slots=True)
class MessageKey:
    """What an account and its server share: ``key`` is 32 bytes, ``receiver`` is compared."""

    key: bytes
    receiver: bytes

    def __repr__(self) -> str:
        return f"MessageKey(receiver={self.receiver!r})"

    @classmethod
    def of(cls, characters: str, receiver: str) -> "MessageKey":
        """From an EncodingAESKey. Raises ValueError unless it is 43 characters of base64."""
        try:
            key = base64.b64decode(f"{characters}=", validate=True)
        except ValueError:  # no base64, or not even ASCII
            key = b""
        if len(characters) != KEY_CHARACTERS or len(key) != _BLOCK:
            raise ValueError("an EncodingAESKey has 43 letters and digits")
        return cls(key, receiver.encode())

    def encrypt(self, message: bytes, salt: bytes | None = None) -> str:
        """The message encrypted, in base64; ``salt`` is 16 bytes, random unless given."""
        plain = (salt or os.urandom(16)) + len(message).to_bytes(4) + message + self.receiver
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message. Raises Forged for everything that is not one to this account."""
        try:
            sealed = base64.b64decode(encrypted.encode(), validate=True)
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(sealed) + decryptor.finalize()
        except ValueError as error:  # of base64, or no whole number of blocks
            raise Forged("no ciphertext") from error
        padding = padded[-1] if padded else 0
        if len(padded) % _BLOCK or not 1 <= padding <= _BLOCK:
            raise Forged("padding")
        plain, ending = padded[:-padding], padded[-padding:]
        if ending != bytes([padding]) * padding or len(plain) < _HEAD:
            raise Forged("padding")
        end = _HEAD + int.from_bytes(plain[_HEAD - 4 : _HEAD])
        if end > len(plain) or not hmac.compare_digest(plain[end:], self.receiver):
            raise Forged("receiver")
        return plain[_HEAD:end]

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES256(self.key), CBC(self.key[:16]))


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """The signature of a call, in hexadecimal."""
    parts = sorted(part.encode() for part in (token, timestamp, nonce, encrypted))
    return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()


def is_signed(given: str, token: str, timestamp: str, nonce: str, encrypted: str) -> bool:
    """Whether the signature is right; the comparison takes the same time either way."""
    expected = signature(token, timestamp, nonce, encrypted)
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
