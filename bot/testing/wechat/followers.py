"""People who follow the account, write to it, press what it offers and read what it says."""

import hashlib
import re
from typing import Any

from bot.testing.waiting import Onlooker
from bot.testing.wechat.account import FakeAccount, Profile, Shown, Wrote

_NUMBERED = r"^\s*[\[【(（]?{number}[\]】)）.、．:：]?\s*"


class Follower(Onlooker[Shown]):
    """Somebody with WeChat. ``number`` tells people apart; the openid follows from it."""

    def __init__(self, account: FakeAccount, number: int = 1) -> None:
        self.account = account
        seed = hashlib.sha256(f"{account.app_id} {number}".encode()).hexdigest()
        self.openid = f"o{seed[:27]}"

    @property
    def profile(self) -> Profile:
        """What the server keeps of them."""
        return self.account.profile(self.openid)

    async def subscribe(self, scene: str = "") -> None:
        """Follow the account, by a QR code if ``scene`` says what it carries."""
        profile, now = self.profile, self.account.now()
        profile.following, profile.since = True, now
        profile.allowance.touched(now)
        if scene:
            self._happen(Event="subscribe", EventKey=f"qrscene_{scene}", Ticket=f"ticket-{scene}")
        else:
            self._happen(Event="subscribe", EventKey="")

    async def unsubscribe(self) -> None:
        """Stop following: nothing more can be sent, consents excepted."""
        self.profile.following = False
        self._happen(Event="unsubscribe", EventKey="")

    async def say(self, text: str, **more: Any) -> int:
        """Write; the message id. Raises LookupError without following, as all messages do."""
        return self._send(text, MsgType="text", Content=text, **more)

    async def press(self, label: str) -> int:
        """Choose from the newest message that offers this: tap it, or type its number.

        Raises LookupError if none does.
        """
        for shown in reversed(self.profile.shown):
            for choice, offered in shown.choices:
                if offered == label:
                    return await self.say(label, bizmsgmenuid=choice)
            if (number := number_of(shown.text, label)) is not None:
                return await self.say(number)
        raise LookupError(f"nothing says {label}")

    async def photo(self, content: bytes, name: str = "photo.jpg") -> int:
        """Send a picture."""
        media_id = self.account.keep("image", name, content)
        url = f"http://mmbiz.qpic.cn/{media_id}"
        return self._send(f"[{name}]", MsgType="image", PicUrl=url, MediaId=media_id)

    async def voice(self, content: bytes, recognised: str | None = None) -> int:
        """Speak; ``recognised`` is what WeChat heard, when the account has that switched on."""
        media_id = self.account.keep("voice", "voice.amr", content)
        heard = {} if recognised is None else {"Recognition": recognised}
        return self._send("[voice]", MsgType="voice", MediaId=media_id, Format="amr", **heard)

    async def video(self, content: bytes) -> int:
        """Send a video."""
        media_id = self.account.keep("video", "video.mp4", content)
        return self._send("[video]", MsgType="video", MediaId=media_id, ThumbMediaId=media_id)

    async def location(self, x: float, y: float, label: str) -> int:
        """Send a place."""
        place = {"Location_X": x, "Location_Y": y, "Scale": 16, "Label": label}
        return self._send(f"[{label}]", MsgType="location", **place)

    async def link(self, title: str, url: str) -> int:
        """Send a link, which is also how a file from elsewhere arrives."""
        return self._send(title, MsgType="link", Title=title, Description="", Url=url)

    async def scan(self, scene: str) -> None:
        """Scan the account's QR code that carries this word; following comes with it."""
        profile = self.profile
        if not profile.following:
            await self.subscribe(scene)
            return
        profile.allowance.touched(self.account.now())
        self._happen(Event="SCAN", EventKey=scene, Ticket=f"ticket-{scene}")

    async def menu(self, name: str) -> None:
        """Choose from the account's menu. Raises LookupError if it has no such button."""
        for button in self.account.menu:
            for one in button.get("sub_button") or [button]:
                if one["name"] == name:
                    self._choose(one)
                    return
        raise LookupError(f"the menu has no {name}")

    async def consent(self, template_id: str, *, accept: bool = True, scene: int = 2) -> None:
        """Answer the question whether one notice may be sent, as a page of the account asks it."""
        self.account.notices.template(template_id, one_time=True)
        if accept:
            self.account.notices.consent(self.openid, template_id)
        told = {
            "TemplateId": template_id,
            "SubscribeStatusString": "accept" if accept else "reject",
            "PopupScene": str(scene),
        }
        event = "subscribe_msg_popup_event"
        self._happen(Event=event, SubscribeMsgPopupEvent={"List": told})

    async def change_notices(self, template_id: str, *, allow: bool) -> None:
        """Set in WeChat whether notices of a template may come; refusing ends every consent."""
        self.account.notices.template(template_id, one_time=True)
        if not allow:
            self.account.notices.consents.pop((self.openid, template_id), None)
        set_ = {
            "TemplateId": template_id,
            "SubscribeStatusString": "accept" if allow else "reject",
        }
        event = "subscribe_msg_change_event"
        self._happen(Event=event, SubscribeMsgChangeEvent={"List": set_})

    async def messages(self) -> tuple[Shown, ...]:
        """What the person has been shown, oldest first."""
        return tuple(self.profile.shown)

    def _choose(self, button: dict[str, Any]) -> None:
        if button["type"] == "view":
            self._happen(Event="VIEW", EventKey=button["url"])
            return
        self.profile.allowance.touched(self.account.now())
        self._happen(Event="CLICK", EventKey=button["key"])

    def _send(self, words: str, **content: Any) -> int:
        profile, now = self.profile, self.account.now()
        if not profile.following:
            raise LookupError("nobody can write to an account without following it")
        profile.allowance.talked(now)
        media_id = str(content.get("MediaId", ""))
        profile.wrote.append(Wrote(self.account.next_id(), words, now, media_id))
        number = 23_000_000_000_000_000 + self.account.next_id()
        self.account.tell(profile, {**content, "MsgId": number})
        return number

    def _happen(self, **event: Any) -> None:
        self.account.tell(self.profile, {"MsgType": "event", **event})


def number_of(text: str, label: str) -> str | None:
    """The number that a text gives to a choice, as in ``2. 个人``; None if it gives none."""
    for line in reversed(text.splitlines()):
        found = re.match(_NUMBERED.format(number=r"(\d{1,2})"), line)
        if found and line[found.end() :].strip() == label:
            return found.group(1)
    return None
