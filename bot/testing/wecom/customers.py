"""Customers who open the chat, write, tap what is offered and read; servicers who answer them."""

import hashlib
from datetime import timedelta
from typing import Any

from bot.testing.waiting import Onlooker
from bot.testing.wechat.followers import number_of
from bot.testing.wecom.corp import FakeCorp, Profile, Shown, State
from bot.testing.wecom.methods import heard, move

CUSTOMER = 3
SERVICER = 5
_WELCOME_PAUSE = timedelta(hours=48)


class Customer(Onlooker[Shown]):
    """Somebody with WeChat at the company's first account. ``number`` tells people apart."""

    def __init__(self, corp: FakeCorp, number: int = 1, account: str = "") -> None:
        self.corp = corp
        seed = hashlib.sha256(f"{corp.corp_id} {number}".encode()).hexdigest()
        self.account = account or corp.accounts[0]
        self.userid = f"wm{seed[:30]}"
        self.newest = ""  # the id of what they wrote last

    @property
    def external_id(self) -> str:
        """What the assistant knows them by."""
        return f"{self.account}.{self.userid}"

    @property
    def profile(self) -> Profile:
        """What the server keeps of them."""
        return self.corp.profile(self.account, self.userid)

    async def enter(self, scene_param: str = "") -> None:
        """Open the chat, by a link perhaps; a welcome is let through once in 48 hours."""
        profile, now = self.profile, self.corp.now()
        recent = [one for one in (profile.welcomed_at, profile.wrote_at) if one is not None]
        is_new = all(now - one >= _WELCOME_PAUSE for one in recent)
        more: dict[str, Any] = {"scene": "beian", "scene_param": scene_param}
        if is_new:
            profile.welcomed_at = now
            more["welcome_code"] = self.corp.code_for(profile, 20)
        self.corp.event(profile, "enter_session", **more)

    async def say(self, text: str, menu_id: str = "") -> str:
        """Write; the message id."""
        content = {"content": text, **({"menu_id": menu_id} if menu_id else {})}
        return self.send("text", content)

    async def press(self, label: str) -> str:
        """Choose from the newest message that offers this: tap it, or type its number.

        Raises LookupError if none does.
        """
        for shown in reversed(self.profile.shown):
            for choice, offered in shown.choices:
                if offered == label:
                    return await self.say(label, choice)
            if (number := number_of(shown.text, label)) is not None:
                return await self.say(number)
        raise LookupError(f"nothing says {label}")

    async def send_file(self, name: str, content: bytes, *, photo: bool = False) -> str:
        """Send a picture, or another file."""
        kind = "image" if photo else "file"
        return self.send(kind, {"media_id": self.corp.keep(kind, name, content)})

    def send(self, kind: str, content: dict[str, Any]) -> str:
        """Send a message of any kind."""
        heard(self.corp, self.profile)
        named = {"open_kfid": self.account, "external_userid": self.userid}
        said = {**named, "msgtype": kind, kind: content}
        self.newest = self.corp.happen(self.account, CUSTOMER, said)
        return self.newest

    async def recall(self, msgid: str) -> None:
        """Take a message back."""
        self.corp.event(self.profile, "user_recall_msg", recall_msgid=msgid)

    async def taken_by(self, servicer: str) -> None:
        """A servicer takes the session in WeCom."""
        change = 1 if self.profile.state is State.QUEUE else 2
        move(self.corp, self.profile, State.HUMAN, servicer)
        self.corp.event(
            self.profile,
            "session_status_change",
            change_type=change,
            new_servicer_userid=servicer,
        )

    async def answered_by(self, servicer: str, text: str) -> None:
        """A servicer writes in WeCom."""
        self.corp.show(self.profile, "text", text, f"servicer{self.corp.next_id()}")
        named = {"open_kfid": self.account, "external_userid": self.userid}
        said = {"servicer_userid": servicer, "msgtype": "text", "text": {"content": text}}
        self.corp.happen(self.account, SERVICER, {**named, **said})

    async def left_by(self, servicer: str) -> None:
        """The servicer ends the session."""
        move(self.corp, self.profile, State.ENDED)
        code = self.corp.code_for(self.profile, 20, State.ENDED)
        self.corp.event(
            self.profile,
            "session_status_change",
            change_type=3,
            old_servicer_userid=servicer,
            msg_code=code,
        )

    async def messages(self) -> tuple[Shown, ...]:
        """What the customer has been shown, oldest first."""
        return tuple(self.profile.shown)
