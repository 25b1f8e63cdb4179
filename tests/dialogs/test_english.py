"""An English conversation is English: Chinese stands only in values, examples and quotations."""

import re
from collections.abc import Iterator

import pytest

from tests.dialogs.talk import Talk, right_answer

HAN = re.compile(r"[\u4e00-\u9fff]")
QUOTED = re.compile("“[^”]*”")
WAYS = [
    {},
    {"subject_kind": "individual", "cert_type": "passport", "province": "广东"},
    {"site_manager_same": "no", "prerequisites": "not_ready"},
    {"subject_record": "elsewhere"},
    {"consent_sensitive": "decline"},
]


def chinese(talk: Talk) -> Iterator[str]:
    """Lines and labels with Chinese that is neither a value nor quoted."""
    for reply in talk.replies:
        for line in reply.text.splitlines():
            said = QUOTED.sub("", line)
            if HAN.search(said) and not re.match(r"(\d+\. \[Note\]|[A-Z][a-z ]*: )", line):
                yield line
        yield from (one.label for one in reply.buttons if HAN.search(one.label))


@pytest.mark.parametrize("own", WAYS, ids=str)
def test_nothing_is_said_in_the_wrong_language(talk: Talk, own: dict[str, str]) -> None:
    talk.say("你好")
    talk.say("English")
    found = list(chinese(talk))
    for _ in range(60):
        asking = talk.asking
        if asking is None or asking == "confirm" or talk.values.get(asking) == "decline":
            break
        for words in ("why do you ask?", "help"):
            talk.say(words)
            found += chinese(talk)
        talk.press(f"answer:{asking}:{own.get(asking) or right_answer(talk, asking)}")
        found += chinese(talk)
    for press in ("cmd:status", "cmd:review", "cmd:edit", "cmd:pause", "cmd:filings"):
        talk.press(press)
        found += chinese(talk)
    assert [line for line in found if "南京" not in line] == []
