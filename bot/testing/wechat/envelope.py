"""Tencent's side of safe mode: seals what it posts, opens what it is answered.

Written from the public description alone and sharing nothing with the assistant's own code, so
that each checks the other. Source: 消息加解密说明, developers.weixin.qq.com, 服务号 docs.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # padding is to 32 bytes, although AES works on 16


class NotOurs(ValueError):
    """What was answered is not sealed as this account asks; the message says in what."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted message with what proves whose it is."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """Seals and opens for one account. ``aes_key`` has 43 characters."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    app_id: str

    def seal(self, xml: str, timestamp: int, *, nonce: str = "", filler: bytes = b"") -> Sealed:
        """Encrypt and sign; ``filler`` is the 16 bytes in front, random unless given."""
        body = xml.encode()
        plain = (filler or secrets.token_bytes(16)) + len(body).to_bytes(4, "big") + body
        plain += self.app_id.encode()
        missing = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()
        encrypt = base64.b64encode(sealed).decode()
        nonce = nonce or "".join(secrets.choice("0123456789") for _ in range(10))
        return Sealed(encrypt, self.sign(str(timestamp), nonce, encrypt), str(timestamp), nonce)

    def open(self, sealed: Sealed) -> str:
        """What is inside. Raises NotOurs for anything that was not sealed for this account."""
        expected = self.sign(sealed.timestamp, sealed.nonce, sealed.encrypt)
        if not secrets.compare_digest(expected.encode(), sealed.signature.encode()):
            raise NotOurs("MsgSignature does not fit")
        try:
            content = base64.b64decode(sealed.encrypt, validate=True)
        except ValueError:
            raise NotOurs("Encrypt is no base64") from None
        if not content or len(content) % _BLOCK:
            raise NotOurs("Encrypt is not filled up to 32 bytes")
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(content) + decryptor.finalize()
        filled = plain[-1]
        if not 1 <= filled <= _BLOCK or plain[-filled:] != bytes([filled]) * filled:
            raise NotOurs("the filling is wrong")
        length = int.from_bytes(plain[16:20], "big")
        body, app_id = plain[20 : 20 + length], plain[20 + length : -filled]
        if app_id != self.app_id.encode():
            raise NotOurs("the length or the app id inside is wrong")
        try:
            return body.decode()
        except UnicodeDecodeError:
            raise NotOurs("the message is no UTF-8") from None

    def sign(self, timestamp: str, nonce: str, *more: str) -> str:
        """The signature of an address (nothing more) or of an encrypted message."""
        parts = sorted((self.token, timestamp, nonce, *more))
        return hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
