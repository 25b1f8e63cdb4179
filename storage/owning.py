"""To which conversation somebody belongs, and who else does, told by a mark that says neither."""

from collections.abc import Iterable
from hashlib import blake2b

from dialogs.message import Identity


def owner_mark(conversation: str, people: Iterable[Identity]) -> str:
    """The same as long as the same channels are joined in the same conversation."""
    told = sorted(f"{one.channel}\0{one.external_id}" for one in people)
    return blake2b("\0\0".join((conversation, *told)).encode(), digest_size=9).hexdigest()
