"""What a call to Telegram can come to, the same for both libraries.

TelegramFault
├── TooFast          429: not carried out; wait, then call again
├── Unreachable      no answer: a broken connection, a timeout or a server's own trouble
├── Refused          400: repeating the call would be refused again
│   └── NotModified  the message already looks like that
├── Blocked          403: this person cannot be written to until they come back
├── AnotherReader    409: somebody else reads this bot's updates
└── TokenRefused     401, 404: wrong token, or no Bot API at this address

Descriptions are Telegram's own words about a method. They name no person and no text, and
the token is never part of them.
"""

from dialogs.ports import StaleCase
from storage.errors import StoreUnavailable

PASSING = (StoreUnavailable, StaleCase, OSError)
"""What passes by itself: an update that met it is tried again, and not confirmed before."""


class TelegramFault(Exception):
    """A call that did not succeed."""


class TooFast(TelegramFault):
    """Telegram wants a pause of ``retry_after`` seconds in this chat."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Telegram asks for a pause of {retry_after:g} s")
        self.retry_after = retry_after


class Unreachable(TelegramFault):
    """Telegram did not answer. ``maybe_done`` unless the call surely never reached it."""

    def __init__(self, what: str, *, maybe_done: bool) -> None:
        super().__init__(f"Telegram cannot be reached ({what}); the call will be repeated")
        self.maybe_done = maybe_done


class Refused(TelegramFault):
    """Telegram will not do this, however often it is asked."""

    def __init__(self, description: str) -> None:
        super().__init__(f"Telegram refuses: {description}")
        self.description = description


class NotModified(Refused):
    """An edit that changes nothing: as good as done."""


class Blocked(TelegramFault):
    """The person blocked the bot, deleted their account or never began a chat."""

    def __init__(self) -> None:
        super().__init__("this person cannot be written to; they have to start the bot again")


class AnotherReader(TelegramFault):
    """Two programs read the same bot's updates; each takes messages from the other."""

    def __init__(self) -> None:
        super().__init__(
            "another program reads this bot's updates: stop the other one, or give this one a "
            "bot of its own (a new BEIAN_TELEGRAM_TOKEN from @BotFather)"
        )


class TokenRefused(TelegramFault):
    """The token is not valid at this address."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram does not know this bot: check BEIAN_TELEGRAM_TOKEN against @BotFather, "
            "and BEIAN_TELEGRAM_API_BASE if it is set"
        )


def refusal(description: str) -> Refused:
    """The right kind of refusal for Telegram's words."""
    kind = NotModified if "message is not modified" in description.lower() else Refused
    return kind(description)
