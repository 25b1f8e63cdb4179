"""A pasted letter of return explained: every reason in it with its cause and its cure."""

import re
from collections.abc import Mapping
from typing import Final

from knowledge.rejections import RejectionBook
from knowledge.return_reading import Reasons, read_reasons

_LETTER: Final = re.compile(
    r"退回|驳回|不通过|未通过|审核意见|审核结果|原因|returned|rejected|refused|reasons?\b",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"(?<![0-9a-z])r[0-3][0-9](?![0-9a-z])", re.IGNORECASE)
_ASKS: Final = re.compile(r"[?？]|[吗么呢]\s*$|怎么|如何|什么|为什么|多久|\bhow\b|\bwhat\b|\bwhy\b")
_LETTER_LENGTH: Final = 24  # a shorter text with one reason is a question about it

_NUMBERED: Final[Mapping[str, str]] = {
    "zh-CN": "{number}. {cause}（{code}）\n办法：{cure}。",
    "en": "{number}. {cause} ({code})\nCure: {cure}.",
}
_HEAD: Final[Mapping[str, str]] = {
    "zh-CN": "退回意见里我看出 {count} 个原因：",
    "en": "I read {count} reason(s) in what was sent back:",
}
_UNREAD: Final[Mapping[str, str]] = {
    "zh-CN": "这些话我没有把握，请让人工同事看一下：{said}",
    "en": "Of these words I am not sure; please let a colleague look: {said}",
}


def letter_of_return(text: str, book: RejectionBook) -> Reasons | None:
    """The reasons in a text that is a letter of return; None for any other text."""
    read = read_reasons(text, book)
    if not read.codes:
        return None
    is_letter = _LETTER.search(text) is not None and len(text.strip()) >= _LETTER_LENGTH
    if len(read.codes) > 1 and (is_letter or not _ASKS.search(text)):
        return read
    if _CODE.search(text) or (is_letter and not _ASKS.search(text)):
        return read
    return None


def explain(read: Reasons, book: RejectionBook, locale: str) -> str:
    """Every reason read with what to do about it; what could not be read is said too."""
    lines = [_HEAD[locale].format(count=len(read.codes))]
    for number, code in enumerate(read.codes, start=1):
        reason = book.rejections[code]
        said = {"cause": reason.cause[locale], "cure": reason.cure[locale]}
        lines.append(_NUMBERED[locale].format(number=number, code=code, **said))
    if read.unread:
        lines.append(_UNREAD[locale].format(said="；".join(read.unread)))
    return "\n".join(lines)
