"""One person on several channels: codes that join a channel to a conversation, and what came of it.

A code is asked for on one channel and used on another. Using it links nothing yet: whoever asked
for it is told, and says yes or no where they asked (``docs/adr/0020-joined-channels.md``).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal, Protocol, TypeAlias

from dialogs.case import Case
from dialogs.message import Identity

LINK_LIFE: Final = timedelta(minutes=10)
"""How long a code may be used."""

AGREE_WITHIN: Final = timedelta(minutes=30)
"""How long its owner may take to agree, once it was used."""

JOIN_CODE: Final = "join-"
"""How the payload of a deep link begins that carries a code."""


@dataclass(frozen=True, slots=True)
class LinkWish:
    """What the applicant wants of their channels."""

    what: Literal["move", "join", "agree", "refuse", "unlink"]
    # The channel to move to or none, the code, the link's id, or the mark of who is to go.
    value: str = ""


LinkHow: TypeAlias = Literal[
    "opened",  # a code was made: ``code``, and ``ways`` to use it by
    "no_service",  # there is no other channel
    "too_often",  # too many codes asked for, or guessed at
    "too_early",  # asked for with the very first word: once more
    "wrong",  # no such code, or it is over
    "own",  # used where it was asked for
    "waits",  # used: now its owner is asked
    "foreign",  # used on another channel than it was for, or for the second time
    "busy",  # a colleague has one of the conversations
    "joined",
    "over",  # agreed to too late
    "refused",
    "unlinked",
    "not_linked",
]


@dataclass(frozen=True, slots=True)
class LinkWay:
    """How a code gets to a channel: by an address to open, by one to scan, or typed."""

    channel: str
    url: str = ""
    scan: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of a wish. ``other`` is who is to hear of it elsewhere, if anybody is."""

    how: LinkHow
    id: str = ""
    code: str = ""
    ways: tuple[LinkWay, ...] = ()
    user: Identity | None = None  # who used the code, or was unlinked
    other: Identity | None = None
    filings: int = 0  # what whoever used the code has begun of their own


class Linking(Protocol):
    """Fulfils wishes about channels."""

    async def fulfil(self, case: Case, wish: LinkWish) -> Linked:
        """Make a code, use one, agree, refuse or unlink, for who is seen in the case.

        Raises only what the store raises when it cannot be reached.
        """
        ...


@dataclass(frozen=True, slots=True)
class Use:
    """What came of using a code. ``owner`` is where whoever asked for it wrote last."""

    how: Literal["waits", "own", "foreign", "busy"]
    id: str
    owner: Identity
    filings: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of a yes or no; ``user`` is who had used the code."""

    how: Literal["joined", "refused", "over", "busy"]
    user: Identity | None = None


class LinkStore(Protocol):
    """Codes, and whose channels are whose. All adapters pass one contract suite."""

    async def open(self, whose: Identity, code_hash: str, target: str, now: datetime) -> str | None:
        """Keep a code for a channel (or any, if empty); an earlier one of this person ends.

        Its id; None if this person has no conversation.
        """
        ...

    async def use(self, code_hash: str, by: Identity, now: datetime) -> Use | None:
        """Note who used a code; None if there is no such code, or its time is over.

        Used on another channel than it is for it is spent. Used again by the same person it
        still waits.
        """
        ...

    async def settle(
        self, link_id: str, owner: Identity, now: datetime, *, agrees: bool
    ) -> Settlement:
        """Join the channel that used the code to its owner's conversation, or refuse it.

        Its filings, addresses and consents become the owner's beside their own, and what was
        said before stands in the same transcript. Joined before, it is joined. Both cases change
        their version, so that turns on them are taken again.
        """
        ...

    async def unlink(self, whose: Identity, gone: Identity, now: datetime) -> bool:
        """Part a channel from a person's others; what they have stays with those.

        What waits to be sent there is withdrawn. False if they are not the same person, or
        nothing else is left.
        """
        ...


def mark_of(identity: Identity) -> str:
    """A short name for an identity, for buttons: it tells nothing of it."""
    return sha256(f"{identity.channel}/{identity.external_id}".encode()).hexdigest()[:12]


def number_of(link_id: str) -> str:
    """The two digits shown on both sides of a link, for whoever agrees to compare."""
    return f"{int(sha256(link_id.encode()).hexdigest()[:8], 16) % 90 + 10}"
