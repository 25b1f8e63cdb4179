"""The pages in the desk's head, each shown to those who may open it."""

from dataclasses import dataclass

from desk.config import BASE
from desk.permissions import Action, is_allowed
from desk.staff import Agent


@dataclass(frozen=True, slots=True)
class Entry:
    """A page's place in the navigation. ``name`` is its text ``nav.<name>`` and its icon."""

    name: str
    path: str  # within the desk: "/" or "/numbers"
    action: Action  # what opening it needs


ENTRIES: tuple[Entry, ...] = (
    Entry("queue", "/", Action.SEE_QUEUE),
    Entry("tasks", "/tasks", Action.NOTE),
    Entry("alerts", "/alerts", Action.SEE_QUEUE),
    Entry("team", "/team", Action.SUPERVISE),
    Entry("numbers", "/numbers", Action.SEE_NUMBERS),
    Entry("gaps", "/gaps", Action.SUPERVISE),
    Entry("quality", "/quality", Action.SUPERVISE),
    Entry("audit", "/audit", Action.READ_AUDIT),
    Entry("accounts", "/accounts", Action.MANAGE_ACCOUNTS),
)
"""In the order they are shown."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one person sees it on one page."""

    name: str
    href: str
    current: bool


def entries_for(agent: Agent, path: str) -> list[Link]:
    """What this person may open; the page at ``path`` is marked."""
    within = path.removeprefix(BASE) or "/"
    return [
        Link(entry.name, f"{BASE}{entry.path}", _leads_to(entry.path, within))
        for entry in ENTRIES
        if is_allowed(agent, entry.action)
    ]


def _leads_to(entry: str, path: str) -> bool:
    return path == entry or (entry != "/" and path.startswith(f"{entry}/"))
