"""A strict WeCom customer service (微信客服) on this machine, for rehearsals and tests.

Rehearse with ``python -m bot.testing.wecom``, or in a program::

    async with FakeWeCom() as wecom:
        wecom.corp.callback_url = "http://127.0.0.1:8000/wecom/callback"
        customer = Customer(wecom.corp)
        await customer.enter()
        await customer.say("你好")

What it knows: callbacks that carry only a token, five seconds to answer and two more tries;
``sync_msg`` with cursors and tokens, few calls without one; sessions in five states, in two of
which programs may speak; 48 hours and 5 messages after each message; one message for each event
that allows one; files kept for three days; its own error codes. Its clock may be simulated
(``now``). Faults can be ordered (``Fault``). All of it was written from the public documents, none
of it from the assistant's own code. A repeated ``msgid`` is refused; with which code the documents
do not say, here it is 40058.
"""

from bot.testing.wecom.corp import FakeCorp, Fault, Shown, State
from bot.testing.wecom.customers import Customer
from bot.testing.wecom.server import FakeWeCom

__all__ = ["Customer", "FakeCorp", "FakeWeCom", "Fault", "Shown", "State"]
