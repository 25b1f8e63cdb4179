"""How often one person may be written to: the server's own book of windows and counts.

Source: 发送客服消息, developers.weixin.qq.com: a message opens 48 hours for 5 messages, a menu
click, a scan or following opens one minute for 3. A new message opens its window anew; what was
left of the former is not added.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.testing.tencent import Refusal

TALK = timedelta(hours=48)
TALK_COUNT = 5
TOUCH = timedelta(minutes=1)
TOUCH_COUNT = 3


@dataclass(slots=True)
class Window:
    """Until when, and how many messages are left."""

    until: datetime
    left: int


@dataclass(slots=True)
class Allowance:
    """One person's windows. A touch is used first: it is over sooner."""

    talk: Window | None = None
    touch: Window | None = None

    def talked(self, at: datetime) -> None:
        """The person wrote."""
        self.talk = Window(at + TALK, TALK_COUNT)

    def touched(self, at: datetime) -> None:
        """The person followed, scanned a code or chose from the menu."""
        self.touch = Window(at + TOUCH, TOUCH_COUNT)

    def left(self, at: datetime) -> int:
        """How many messages may still be sent now."""
        return sum(window.left for window in self._open(at))

    def spend(self, at: datetime) -> None:
        """One message is sent. Raises Refusal: 45015 without a window, 45047 without a count."""
        windows = self._open(at)
        if not windows:
            raise Refusal(45015, "response out of time limit or subscription is canceled")
        for window in windows:
            if window.left:
                window.left -= 1
                return
        raise Refusal(45047, "out of response count limit")

    def _open(self, at: datetime) -> tuple[Window, ...]:
        both = (self.touch, self.talk)
        return tuple(window for window in both if window is not None and at < window.until)
