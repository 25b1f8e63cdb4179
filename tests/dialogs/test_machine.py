"""A conversation under random hands: no dead end, no lost answer, always a reply."""

from datetime import datetime, timedelta
from types import MappingProxyType

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bot.settings import Settings
from bot.world import load_world
from dialogs.message import IncomingFile
from dialogs.world import SHANGHAI
from filing.event import Event, EventType
from filing.stage import Stage
from tests.dialogs.talk import HAPPY, Talk, right_answer

WORLD = load_world(Settings(_env_file=None))
START = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)

OTHER_ANSWERS = {
    "subject_kind": ["individual", "sole_proprietor", "public_institution", "government"],
    "cert_type": ["org_code", "id_card", "passport"],
    "province": ["广东", "上海", "西藏"],
    "subject_record": ["elsewhere", "shell", "unsure", "in_progress"],
    "domain_record": ["other_subject", "unsure"],
    "server_location": ["overseas", "none"],
    "domain": ["example-other.com", "样例.中国"],
    "site_manager_same": ["no"],
    "pre_approval": ["news", "publishing,game"],
    "consent_sensitive": ["decline"],
    "phone": ["13800138999"],
}
MESSAGES = st.sampled_from(
    [
        "上一步",
        "跳过",
        "为什么要问这个",
        "帮助",
        "暂停",
        "继续",
        "进度",
        "看看填了什么",
        "重新开始",
        "是",
        "不是",
        "撤销",
        "恢复",
        "转人工",
        "备案要多久",
        "域名改成 changed-name.cn",
        "手机号填错了",
        "我叫张样例，手机13800138222，邮箱zhang@example-mail.cn",
        "我的备案",
        "English",
        "中文",
        "算了不办了",
        "😂😂😂",
        "' OR 1=1 -- {{ 7*7 }} <script>",
        "​‮",
        "啊" * 5000,
    ]
)


class Conversation(RuleBasedStateMachine):
    """One applicant who answers, wanders, mistypes and changes their mind."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(WORLD, START)

    @initialize()
    def greet(self) -> None:
        """Everybody begins with something."""
        self.talk.say("你好")

    @rule()
    def answer(self) -> None:
        """Answer the open question well."""
        asking = self.talk.asking
        if asking in HAPPY:
            self.talk.press(f"answer:{asking}:{right_answer(self.talk, asking)}")

    @rule(count=st.integers(2, 12))
    def answer_on(self, count: int) -> None:
        """Answer several questions in a row."""
        for _ in range(count):
            self.answer()

    @rule(data=st.data())
    def answer_otherwise(self, data: st.DataObject) -> None:
        """Answer the open question in a way that takes another path."""
        asking = self.talk.asking
        if asking in OTHER_ANSWERS:
            value = data.draw(st.sampled_from(OTHER_ANSWERS[asking]))
            self.talk.press(f"answer:{asking}:{value}")

    @rule(text=MESSAGES)
    def talk_freely(self, text: str) -> None:
        """Say something else."""
        self.talk.say(text)

    @rule(text=st.text(max_size=60))
    def mumble(self, text: str) -> None:
        """Say anything at all."""
        self.talk.say(text)

    @precondition(lambda self: self.talk.buttons)
    @rule(data=st.data())
    def press(self, data: st.DataObject) -> None:
        """Press one of the buttons just shown."""
        self.talk.press(data.draw(st.sampled_from(sorted(self.talk.buttons.values()))))

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """Open an answered question again."""
        asked = [step.key for step in self.talk.standing.journey.asked]
        if asked:
            self.talk.press(f"edit:{data.draw(st.sampled_from(asked))}")

    @rule(value=st.sampled_from(["answer:domain:old.cn", "yes:restart", "filing:x", "cmd:?", ":"]))
    def press_old(self, value: str) -> None:
        """Press a button from long ago, or one that never was."""
        self.talk.press(value)

    @rule(other=st.sampled_from(["sticker", "voice", "location", "edited", "hologram"]))
    def send_something(self, other: str) -> None:
        """Send what cannot be read."""
        self.talk.send(other=other)

    @rule()
    def send_picture(self) -> None:
        """Send a photo at the wrong moment."""
        self.talk.send(files=(IncomingFile("f", "a.png", "image/png", 10),))

    @rule(hours=st.integers(1, 24 * 40))
    def stay_away(self, hours: int) -> None:
        """Come back later."""
        self.talk.wait(timedelta(hours=hours))

    @precondition(lambda self: self.talk.standing.stage.stage is Stage.FIRST_REVIEW)
    @rule()
    def be_returned(self) -> None:
        """The provider sends the filing back."""
        data = MappingProxyType({"code": "R18", "reason": "证件不清晰"})
        self.talk.happen(Event(EventType.RETURNED, self.talk.now, data))

    @invariant()
    def every_message_is_answered(self) -> None:
        """Never silence, never an empty bubble."""
        if self.talk.results:
            assert self.talk.replies
            assert all(reply.text.strip() for reply in self.talk.replies)

    @invariant()
    def only_what_applies_counts(self) -> None:
        """No value of a question that is not on the path."""
        standing = self.talk.standing
        path = {step.key for step in standing.journey.completed}
        later = set(standing.journey.values) - path
        assert standing.journey.current is not None or not later

    @invariant()
    def what_is_stored_is_what_is_said(self) -> None:
        """The case's version counts the turns; the open question has its wording."""
        assert self.talk.case.version == len(self.talk.results)

    def teardown(self) -> None:
        """From wherever it stands, the filing can still be brought to its end."""
        talk = self.talk
        if talk.case.filing is None:
            return
        talk.say("继续")
        talk.press("no:restart")
        talk.press("no:withdraw")
        talk.press("no:proposal")
        for _ in range(120):
            standing = talk.standing
            if not standing.stage.stage.editable or standing.asking in (None, "confirm"):
                return
            value = right_answer(talk, standing.asking)
            talk.press(f"answer:{standing.asking}:{value}")
        raise AssertionError(f"stuck at {talk.asking}: {talk.replies}")


TestConversation = Conversation.TestCase
# A failing run is told as it came: making it shorter takes minutes.
TestConversation.settings = settings(
    max_examples=100,
    stateful_step_count=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    report_multiple_bugs=False,
)
