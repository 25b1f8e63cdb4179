"""Going on elsewhere: what people say of their channels, and the buttons that join or part them."""

import re
from typing import Final

from dialogs.linking import JOIN_CODE, LinkWish, mark_of
from dialogs.message import Identity, Inbound, ReplyKind
from dialogs.turn.draft import Draft
from filing.identifiers.normalise import half_width

_CHANNELS: Final = {
    "wecom": re.compile(r"微信客服|企业微信|企微|wecom", re.IGNORECASE),
    "wechat": re.compile(r"微信|公众号|服务号|wechat|weixin", re.IGNORECASE),
    "telegram": re.compile(r"telegram|电报|tg", re.IGNORECASE),
    "web": re.compile(r"网页版?|电脑|浏览器|web ?chat|web|(?:my |the )?(?:browser|computer)", re.I),
}
_NAMES: Final = "|".join(words.pattern for words in _CHANNELS.values())
_WISH: Final = r"(?:请|麻烦|帮我|我)?(?:想|要|能|可以)?"
_GO_ON: Final = r"(?:上|里|端|来)?(?:继续|接着)"
_DO: Final = r"(?:填|办|聊|说)?(?:吧|吗)?"
_MOVES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_WISH}(?:换|转|切换|改)(?:到|成|去|用)?(?:我的)?\s*(?P<to>{_NAMES})\s*"
        rf"(?:上|里|端|来)?(?:继续|接着)?{_DO}",
        rf"{_WISH}(?:在|用|到|去)(?:我的)?\s*(?P<to>{_NAMES})\s*{_GO_ON}{_DO}",
        rf"{_WISH}(?:绑定|关联|连接|绑)(?:我的|一下|一个)?\s*(?P<to>{_NAMES})(?:号|账号)?(?:吧)?",
        rf"{_WISH}(?:绑定|绑定其[他它](?:渠道|账号|设备)|绑定账号|绑定码)(?:吧)?(?P<to>)",
        rf"{_WISH}(?:换|去)(?:个|别的)(?:地方|渠道|设备)(?:继续|填)?(?:吧)?(?P<to>)",
        rf"{_WISH}换(?:手机|设备)(?:继续|填)?(?:吧)?(?P<to>)",
        rf"(?:please )?(?:continue|go on|switch|move)(?: over)? (?:on|in|to|at) (?P<to>{_NAMES})",
        rf"(?:please )?(?:link|pair) (?:my )?(?P<to>{_NAMES})",
        r"(?:please )?(?:link|pair)(?: another (?:channel|device|account))?(?P<to>)",
        r"(?:please )?continue elsewhere(?P<to>)",
    )
)
_PART: Final = re.compile(
    r"(?:请|麻烦|帮我|我)?(?:想|要)?(?:解除|取消|断开|删除)(?:我的)?\s*"
    r"(?:微信客服|微信|公众号|telegram|电报|tg|网页|这里)?\s*(?:的)?(?:绑定|关联|连接)(?:吧)?"
    r"|(?:请|麻烦|帮我|我)?(?:想|要)?解绑\s*(?:微信客服|微信|公众号|telegram|电报|tg|网页|这里)?(?:吧)?"
    r"|(?:我)?(?:的)?绑定(?:了)?(?:哪些|什么|列表|情况)|我的绑定"
    r"|(?:please )?(?:unlink|unpair)(?: (?:my )?(?:wecom|wechat|telegram|web))?|linked channels",
    re.IGNORECASE,
)
_LETTERS: Final = "A-HJ-NP-Z2-9"
_CODE: Final = re.compile(
    rf"(?:绑定码?|link|code)?[\s:：]*(?P<dashed>[{_LETTERS}]{{3}}-[{_LETTERS}]{{3}}-[{_LETTERS}]{{3}})"
    rf"|(?:绑定码?|code)[\s:：]*(?P<plain>[{_LETTERS}]{{9}})",
    re.IGNORECASE,
)
PENDING: Final = "link:"
"""How what is in the air begins while somebody is asked whether a code was used by themselves."""


def is_about_channels(inbound: Inbound) -> bool:
    """Whether a message joins or parts channels: then it is no beginning of a conversation."""
    if inbound.start is not None:
        return inbound.start.startswith(JOIN_CODE)
    if inbound.button is not None:
        return inbound.button.startswith("unlink:")
    return inbound.text is not None and _code_in(inbound.text) is not None


def open_link(draft: Draft, start: str) -> None:
    """Take a deep link that carries a code."""
    draft.ask_after = False
    draft.link = LinkWish("join", start.removeprefix(JOIN_CODE))


def hear(draft: Draft, text: str) -> bool:
    """Take a text if it is about the applicant's channels; False leaves it to the others."""
    plain = half_width(text).strip(" 。.!！")
    code = _code_in(plain)
    if code is not None:
        draft.link = LinkWish("join", code)
    elif _PART.fullmatch(plain):
        offer_to_part(draft)
    elif (target := _target_in(plain)) is not None:
        draft.link = LinkWish("move", target)
    else:
        return False
    draft.ask_after = False
    return True


def _target_in(text: str) -> str | None:
    """The channel somebody wants to go on in, or none; None if that is no wish of theirs."""
    found = next((one for pattern in _MOVES if (one := pattern.fullmatch(text))), None)
    if found is None:
        return None
    named = (name for name, words in _CHANNELS.items() if words.fullmatch(found["to"]))
    return next(named, "")


def _code_in(text: str) -> str | None:
    found = _CODE.fullmatch(half_width(text).strip(" 。.!！"))
    if found is None:
        return None
    return (found["dashed"] or found["plain"]).replace("-", "").upper()


def offer_to_part(draft: Draft) -> None:
    """List the applicant's channels, each with a button that parts it."""
    draft.ask_after = False
    if not draft.case.linked:
        draft.say(ReplyKind.NOTICE, "link.alone", buttons=(draft.button("link:move", "move"),))
        return
    named = [(one, name_of(draft, one)) for one in draft.case.everywhere]
    buttons = [
        draft.button(f"unlink:{mark_of(one)}", "unlink_here" if n == 0 else "unlink", name=name)
        for n, (one, name) in enumerate(named)
    ]
    draft.say(
        ReplyKind.QUESTION,
        "link.list",
        names=draft.text("message.comma").join(name for _, name in named),
        buttons=tuple(buttons),
    )


def press(draft: Draft, kind: str, rest: str) -> None:
    """A button about channels."""
    draft.ask_after = False
    what, _, link_id = rest.partition(":")
    if kind == "unlink":
        draft.link = LinkWish("unlink", rest)
    elif what == "move":
        draft.link = LinkWish("move", link_id)
    else:
        decide(draft, link_id, yes=what == "yes")


def decide(draft: Draft, link_id: str, *, yes: bool) -> None:
    """The owner of a code says whether it was them who used it."""
    draft.ask_after = False
    if draft.attention.pending == f"{PENDING}{link_id}":
        draft.attend(pending=None)
    draft.link = LinkWish("agree" if yes else "refuse", link_id)


def name_of(draft: Draft, who: Identity | None) -> str:
    """A channel with the end of what it calls the person: enough to tell two apart."""
    if who is None:
        return ""
    return draft.text("link.name", channel=where(draft, who), tail=who.external_id[-4:])


def where(draft: Draft, who: Identity | None) -> str:
    known = who is not None and who.channel in ("web", "telegram", "wechat", "wecom")
    return draft.text(f"link.to_{who.channel}" if known and who is not None else "link.to_other")
