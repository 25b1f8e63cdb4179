"""The strict server called without a network in between, with the network's faults by chance."""

import random

import httpx

from bot.testing.tencent import Refusal
from bot.testing.wechat import FakeAccount
from bot.testing.wechat.account import OUTSIDE
from bot.testing.wechat.methods import carry_out, read_json

NEVER_ARRIVED = 0.02
NEVER_ANSWERED = 0.01
BUSY = 0.01


class Direct(httpx.AsyncBaseTransport):
    """Hands each request to the account. ``outside`` lists sends that the rules forbid."""

    def __init__(self, account: FakeAccount, chance: random.Random) -> None:
        self.account = account
        self.outside: list[str] = []
        self.sends = 0
        self._chance = chance

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a call out, or let the network fail."""
        path = request.url.path
        is_send = "/message/" in path
        luck = self._chance.random() if is_send else 1.0
        if luck < NEVER_ARRIVED:
            raise httpx.ConnectError("no way there", request=request)
        if luck < NEVER_ARRIVED + BUSY:
            return httpx.Response(200, json={"errcode": -1, "errmsg": "system error"})
        params = dict(request.url.params)
        if request.method == "POST":
            params |= read_json(await request.aread())
        try:
            answer = carry_out(self.account, request.method, path, params)
            self.sends += is_send
        except Refusal as refusal:
            answer = refusal.as_json()
            if is_send and refusal.errcode in OUTSIDE:
                self.outside.append(str(refusal))
        if luck < NEVER_ARRIVED + BUSY + NEVER_ANSWERED:
            raise httpx.ReadTimeout("no answer", request=request)
        return httpx.Response(200, json=answer)
