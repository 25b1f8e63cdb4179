"""Templates of the account and the one-time consents people gave to be sent one.

Sources: 发送模板消息 and 发送订阅通知, developers.weixin.qq.com.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.testing.tencent import Refusal
from bot.testing.wechat.rules import field_type

MAX_TEMPLATES: Final = 25
REPEAT: Final = timedelta(minutes=10)
"""How long a ``client_msg_id`` keeps a second message from being sent to the same person."""


@dataclass(frozen=True, slots=True)
class Template:
    """One chosen from the library. ``fields`` are named after their types: ``thing1``."""

    id: str
    title: str
    fields: frozenset[str]
    one_time: bool = False  # sent for a consent, not to followers


@dataclass(slots=True)
class Notices:
    """The account's templates, the consents not yet used, and what was sent lately."""

    templates: dict[str, Template] = field(default_factory=dict)
    consents: Counter[tuple[str, str]] = field(default_factory=Counter)  # openid, template
    sent: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)
    repeats: int = 0  # sends that a client_msg_id kept from being shown twice

    def add(self, template_id: str, title: str, *fields: str, one_time: bool = False) -> Template:
        """Choose a template from the library. Raises ValueError for an impossible one."""
        if len(self.templates) >= MAX_TEMPLATES:
            raise ValueError(f"an account has at most {MAX_TEMPLATES} templates")
        if wrong := [name for name in fields if not field_type(name)]:
            raise ValueError(f"no template has a field {wrong[0]!r}; write thing1, time2 …")
        template = Template(template_id, title, frozenset(fields), one_time)
        self.templates[template_id] = template
        return template

    def template(self, template_id: object, *, one_time: bool) -> Template:
        """The template to send; raises Refusal (40037)."""
        found = self.templates.get(template_id) if isinstance(template_id, str) else None
        if found is None or found.one_time != one_time:
            raise Refusal(40037, "invalid template_id")
        return found

    def consent(self, openid: str, template: str) -> None:
        """The person agrees to be sent one."""
        self.consents[openid, template] += 1

    def spend(self, openid: str, template: str) -> None:
        """One consent is used; raises Refusal (43101) if none is left."""
        if self.consents[openid, template] < 1:
            raise Refusal(43101, "user refuse to accept the msg")
        self.consents[openid, template] -= 1

    def repeated(self, openid: str, client_msg_id: str, at: datetime) -> int | None:
        """The message id of the first send within ten minutes, or None."""
        found = self.sent.get((openid, client_msg_id))
        if found is None or at - found[0] >= REPEAT:
            return None
        self.repeats += 1
        return found[1]

    def remember(self, openid: str, client_msg_id: str, at: datetime, msgid: int) -> None:
        """This was sent; without a ``client_msg_id`` it may be sent again."""
        if client_msg_id:
            self.sent[openid, client_msg_id] = (at, msgid)
