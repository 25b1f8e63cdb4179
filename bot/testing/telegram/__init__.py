"""A strict Bot API server on this machine: keeps Telegram's rules, limits and faults.

Rehearse with ``python -m bot.testing.telegram``, or in a program::

    async with FakeTelegram() as telegram:
        bot = telegram.add_bot("1000:any-token-will-do")
        visitor = Person(bot)
        await visitor.say("你好")

What it knows: updates that come again until an offset confirms them, in order, with ids that
may jump; one reader at a time; webhooks with their secret, repeated until answered 2xx; texts,
keys and files within Telegram's sizes; people who block the bot; messages that can be deleted
for 48 hours; 429 with its pause, per chat and altogether. Faults can be ordered (``Fault``).
"""

from bot.testing.telegram.bots import FakeBot, Fault, Limits
from bot.testing.telegram.people import Group, Person, Shown, ShownKey
from bot.testing.telegram.server import FakeTelegram

__all__ = ["FakeBot", "FakeTelegram", "Fault", "Group", "Limits", "Person", "Shown", "ShownKey"]
