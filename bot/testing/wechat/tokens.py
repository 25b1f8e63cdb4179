"""The account's access tokens, as ``stable_token`` gives them out.

Source: 获取稳定版接口调用凭据, developers.weixin.qq.com: 7,200 seconds; renewed in the last five
minutes, in which both count; forced renewal ends the former at once, at most 20 times a day and
30 seconds apart, else nothing is renewed.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.testing.tencent import Refusal

LIFE = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)
FORCED_PAUSE = timedelta(seconds=30)
FORCED_A_DAY = 20
_LENGTH = 384  # characters ×4/3: about the 512 that must be stored


@dataclass(frozen=True, slots=True)
class Token:
    """One token and when it ends."""

    value: str = field(repr=False)
    until: datetime


@dataclass(slots=True)
class Tokens:
    """Those of one account that count, and those that counted."""

    current: Token | None = None
    former: Token | None = None
    given: int = 0  # how many different ones
    _over: set[str] = field(default_factory=set)
    _forced: list[datetime] = field(default_factory=list)

    def give(self, at: datetime, *, force: bool) -> dict[str, Any]:
        """The answer to ``stable_token``. Raises Refusal (45009) beyond the forced quota."""
        if force:
            self._force(at)
        elif self.current is None or at >= self.current.until - OVERLAP:
            self._renew(at)
        assert self.current is not None
        left = self.current.until - at
        return {"access_token": self.current.value, "expires_in": int(left.total_seconds())}

    def check(self, value: str, at: datetime) -> None:
        """Raises Refusal: 41001 none, 42001 over, 40001 never one or ended early."""
        if not value:
            raise Refusal(41001, "access_token missing")
        for token in (self.current, self.former):
            if token is not None and token.value == value:
                if at < token.until:
                    return
                raise Refusal(42001, "access_token expired")
        if value in self._over:
            raise Refusal(42001, "access_token expired")
        raise Refusal(40001, "invalid credential, access_token is invalid or not latest")

    def end(self) -> None:
        """Somebody else renewed it by force, or Tencent ended it."""
        self.current = self.former = None

    def _force(self, at: datetime) -> None:
        today = [one for one in self._forced if one > at - timedelta(days=1)]
        if self.current is not None and today and at - today[-1] < FORCED_PAUSE:
            return
        if len(today) >= FORCED_A_DAY:
            raise Refusal(45009, "reach max api daily quota limit")
        self._forced = [*today, at]
        self.current = None
        self._renew(at)
        self.former = None

    def _renew(self, at: datetime) -> None:
        if self.former is not None:
            self._over.add(self.former.value)
        if self.current is not None and at >= self.current.until:
            self._over.add(self.current.value)
            self.current = None
        if self.current is not None:
            self.former = Token(self.current.value, at + OVERLAP)
        self.current = Token(f"{self.given}_" + secrets.token_urlsafe(_LENGTH), at + LIFE)
        self.given += 1
