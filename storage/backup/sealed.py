"""A stream of bytes sealed in chunks, which tells a reader when it was changed or cut off.

Each archive has a key of its own, derived from the master key and a random salt. A chunk's nonce
is its number and whether it is the last one, so that none can be left out, moved or repeated
(the STREAM construction, Hoang, Reyhanitabar, Rogaway and Vizár 2015).
"""

import os
import struct
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.crypto import MasterKey
from storage.errors import BrokenBackup, WrongMasterKey

_MAGIC: Final = b"BEIAN-BACKUP-1\n"
_SALT_BYTES: Final = 16
_KEY_ID_BYTES: Final = 6
_CHUNK: Final = 1 << 20
_TAG: Final = 16
_LENGTH = struct.Struct(">I")


class SealedWriter:
    """Writes an archive. ``close`` ends it; without that it reads as cut off."""

    def __init__(self, file: BinaryIO, master: MasterKey) -> None:
        salt = os.urandom(_SALT_BYTES)
        self._header = _MAGIC + bytes.fromhex(master.id) + salt
        self._aead = AESGCM(master.backup_key(salt))
        self._file = file
        self._number = 0
        self._waiting = bytearray()
        file.write(self._header)

    def write(self, data: bytes) -> int:
        """Add to what is sealed."""
        self._waiting += data
        while len(self._waiting) > _CHUNK:  # the last chunk may be full, never empty but alone
            self._seal(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]
        return len(data)

    def close(self) -> None:
        """Seal what is left as the last chunk."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        sealed = self._aead.encrypt(_nonce(self._number, last=last), plain, self._header)
        self._file.write(_LENGTH.pack(len(sealed)))
        self._file.write(sealed)
        self._number += 1


class SealedReader:
    """Reads an archive.

    Raises ``BrokenBackup`` for something else or something changed or cut off, and
    ``WrongMasterKey`` for one made with another key.
    """

    def __init__(self, file: BinaryIO, master: MasterKey) -> None:
        self._header = file.read(len(_MAGIC) + _KEY_ID_BYTES + _SALT_BYTES)
        if not self._header.startswith(_MAGIC):
            raise BrokenBackup("is none of this program's")
        if len(self._header) < len(_MAGIC) + _KEY_ID_BYTES + _SALT_BYTES:
            raise BrokenBackup("is cut off")
        key_id = self._header[len(_MAGIC) :][:_KEY_ID_BYTES].hex()
        if key_id != master.id:
            raise WrongMasterKey(key_id, master.id)
        self._aead = AESGCM(master.backup_key(self._header[-_SALT_BYTES:]))
        self._file = file
        self._number = 0
        self._plain = bytearray()
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; all that is left without a size."""
        while not self._is_over and (size < 0 or len(self._plain) < size):
            self._open()
        taken = bytes(self._plain if size < 0 else self._plain[:size])
        del self._plain[: len(taken)]
        return taken

    def _open(self) -> None:
        raw = self._file.read(_LENGTH.size)
        length = _LENGTH.unpack(raw)[0] if len(raw) == _LENGTH.size else 0
        if not _TAG <= length <= _CHUNK + _TAG:
            raise BrokenBackup("is cut off or changed")
        sealed = self._file.read(length)
        if len(sealed) < length:  # also where only the length of the last chunk was changed
            raise BrokenBackup("is cut off or changed")
        for last in (False, True):
            try:
                self._plain += self._aead.decrypt(
                    _nonce(self._number, last=last), sealed, self._header
                )
            except (InvalidTag, ValueError):
                continue
            self._number += 1
            self._is_over = last
            if last and self._file.read(1):
                raise BrokenBackup("has something behind its end")
            return
        raise BrokenBackup("was changed")


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
