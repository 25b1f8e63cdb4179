"""Known faults of a command, told in one sentence with a cure."""

from bot.sending import ChannelClosed
from bot.settings import BrokenSettings
from dialogs.flow import BrokenFlow
from knowledge.errors import BrokenContent
from storage.errors import StorageError

KNOWN_FAULTS = (
    BrokenSettings,
    BrokenContent,
    BrokenFlow,
    ChannelClosed,
    StorageError,
    OSError,
)


def one_sentence(error: BaseException) -> str:
    """The fault as a person reads it; messages of these never hold anybody's data."""
    if isinstance(error, BrokenContent):
        first, *rest = [str(problem) for problem in error.problems]
        more = f" (and {len(rest)} more; `beian check` lists them all)" if rest else ""
        return first + more
    if isinstance(error, OSError):
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return f"{what}; check that the place exists and is yours to use"
    return str(error)
