"""Numbers, addresses and dates as they are spoken, written out: 幺三八…, example 点 cn, 艾特."""

import re

from filing.identifiers.normalise import arabic_digits

_SAID = "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸幺"
_SAID_DIGIT = re.compile(f"[{_SAID}]")
_RUN = re.compile(rf"[0-9{_SAID}](?:[\s,，、\-杠]{{0,2}}[0-9{_SAID}]){{6,40}}")
_BETWEEN = re.compile(r"[\s,，、\-杠]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_ENOUGH_SAID = 3
"""So many spoken digits make a run of numerals a spoken number."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_SPOKEN_DOT = r"\s{0,2}(?:点|點|(?<=\s)dot(?=\s))\s{0,2}"
_HOST = re.compile(
    rf"(?<![A-Za-z0-9\-]){_LABEL}(?:(?:{_SPOKEN_DOT}|\.){_LABEL}){{1,8}}(?![A-Za-z0-9\-])"
)
_DOT_WORD = re.compile(_SPOKEN_DOT)
_SPOKEN_AT = re.compile(
    r"(?<=[A-Za-z0-9._\-])\s{0,2}(?:艾特|圈[aA]|\(at\)|\[at\]|＠|(?<=\s)at(?=\s))\s{0,2}"
    r"(?=[A-Za-z0-9\-]+(?:\s?[.点點。．]|\s+dot\s))"
)
_STOP_IN_NAME = re.compile(
    r"(?<=[A-Za-z0-9\u4e00-\u9fff])[。．｡](?=(?:cn|com|net|org|top|xyz|vip|shop|site|info|cc|tv|io|ltd|"
    r"group|club|store|fun|online|tech|wang|ren|pub|pro|biz|me|co|hk|gov|edu|ac)(?![A-Za-z0-9])"
    r"|(?<=[0-9][。．｡])[0-9]{1,3}(?![0-9])|(?:中国|中國|公司|网络|網絡)(?:$|[\s,，。;；]))"
)


_YEAR = re.compile(
    rf"(?<![0-9{_SAID}])([0-9]{{2}}|[{_SAID}]{{2}})"
    rf"(?=\s?年\s?[0-9{_SAID}十]{{1,3}}\s?月\s?[0-9{_SAID}十]{{1,3}}\s?[日号])"
)


_CROSS = re.compile(r"(?<=[0-9]{17})\s?[叉×✕]")
"""The check character of an ID card as it is read aloud."""


def written(text: str) -> str:
    """``text`` with spoken digits, dots and at-signs written as signs; the rest as it was."""
    if text.isascii() and "dot" not in text and " at " not in text:
        return text
    if len(_SAID_DIGIT.findall(text)) >= _ENOUGH_SAID:
        text = _RUN.sub(_as_digits, text)
    text = _CROSS.sub("X", text)
    if "年" in text:
        text = _YEAR.sub(lambda year: "20" + arabic_digits(year.group()), text)
    text = _STOP_IN_NAME.sub(".", text)
    if "点" in text or "點" in text or "dot" in text:
        text = _HOST.sub(_as_host, text)
    return _SPOKEN_AT.sub("@", text)


def _as_digits(found: re.Match[str]) -> str:
    run = found.group()
    if len(_SAID_DIGIT.findall(run)) < _ENOUGH_SAID:
        return run
    digits = arabic_digits(_BETWEEN.sub("", run))
    if _SAID_DIGIT.match(run) and not _MOBILE.fullmatch(digits) and _MOBILE.fullmatch(digits[1:]):
        return run[0] + digits[1:]  # 张三 before a mobile number: the first numeral is a name's
    return digits


def _as_host(found: re.Match[str]) -> str:
    host = found.group()
    joined = _DOT_WORD.sub(".", host)
    last = joined.rpartition(".")[2]
    is_address = joined.count(".") == 3 and joined.replace(".", "").isdigit()
    return joined if is_address or (len(last) > 1 and last.isalpha()) else host
