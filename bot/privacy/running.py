"""People's rights over their data, put together for a program."""

from bot.privacy.copies import Copies
from bot.wiring import Program


def copies_of(program: Program) -> Copies:
    """Makes copies of what the program's stores keep of a person."""
    assistant = program.assistant
    return Copies(assistant.case, program.stores, assistant.world, assistant.clock)
