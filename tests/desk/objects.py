"""Objects that paths name, for the matrix of permissions: one of ``owner``'s for each parameter.

A page that brings a new path parameter adds how to make what it stands for.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from desk.gaps.ports import ArticleDraft, DraftStatus
from desk.parts import Parts
from desk.sessions import Session, session_id
from desk.staff import Agent
from dialogs.message import Identity, Inbound
from storage.ports import Stores

Maker = Callable[[Parts, Stores, Agent], Awaitable[str]]


async def _session(parts: Parts, stores: Stores, owner: Agent) -> str:
    """Another login of the owner."""
    now = parts.clock()
    session = Session(session_id(f"another of {owner.name}"), owner.id, now, now, now, "", "")
    await parts.sessions.begin(session)
    return session.id


async def _account(parts: Parts, stores: Stores, owner: Agent) -> str:
    """The owner's account."""
    return owner.id


async def _figure(parts: Parts, stores: Stores, owner: Agent) -> str:
    """A figure's name; it is nobody's."""
    return "load"


async def _conversation(parts: Parts, stores: Stores, owner: Agent) -> str:
    """A conversation the owner has."""
    identity = Identity("web", f"visitor of {owner.name}")
    said = Inbound(identity, "m1", parts.clock(), text="你好")
    case = (await parts.assistant.handle(said)).case
    await parts.helping.claims.take(owner.colleague, case.conversation_id)
    return case.conversation_id


async def _text(parts: Parts, stores: Stores, owner: Agent) -> str:
    """A canned text; it is nobody's."""
    return "hello"


async def _file(parts: Parts, stores: Stores, owner: Agent) -> str:
    """A file; it hangs on a conversation."""
    return await stores.files.put(Identity("web", "x"), "a.png", "image/png", b"x")


async def _gap(parts: Parts, stores: Stores, owner: Agent) -> str:
    """The number of a question that nobody asked."""
    return "7"


async def _article(parts: Parts, stores: Stores, owner: Agent) -> str:
    """An article the owner is writing."""
    draft = ArticleDraft(
        "d1", 1, "zh-CN", "cats", "+++\n+++\n猫", (), DraftStatus.DRAFT, owner.id, parts.clock()
    )
    await stores.article_drafts.put(draft)
    return draft.id


async def _material(parts: Parts, stores: Stores, owner: Agent) -> str:
    """A picture of a paper; it hangs on a conversation."""
    return await stores.files.put(Identity("web", "x"), "a.jpg", "image/jpeg", b"x")


MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "session": _session,
        "account": _account,
        "key": _figure,
        "conversation": _conversation,
        "text": _text,
        "file": _file,
        "gap": _gap,
        "material": _material,
        "draft": _article,
    }
)
