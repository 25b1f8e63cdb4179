"""A strict WeChat server on this machine: keeps a service account's rules, limits and faults.

Rehearse with ``python -m bot.testing.wechat``, or in a program::

    async with FakeWeChat() as wechat:
        wechat.account.callback_url = "http://127.0.0.1:8000/wechat/callback"
        visitor = Follower(wechat.account)
        await visitor.subscribe()
        await visitor.say("你好")

What it knows: callbacks in safe mode, five seconds to answer and three more tries; passive
replies read strictly; tokens that end; 48 hours and 5 messages after each message, one minute and
3 after a menu click; template messages to followers, each ``client_msg_id`` once in ten minutes;
one-time consents, each spent once; files kept for three days; the daily quotas. Its clock may be
simulated (``now``). Faults can be ordered (``Fault``). All of it was written from the public
documents, none of it from the assistant's own code.
"""

from bot.testing.wechat.account import FakeAccount, Fault, Shown, Way
from bot.testing.wechat.followers import Follower
from bot.testing.wechat.server import FakeWeChat

__all__ = ["FakeAccount", "FakeWeChat", "Fault", "Follower", "Shown", "Way"]
