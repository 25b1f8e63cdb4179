"""What colleagues read of a conversation: sensitive values are masked wherever they stand."""

from datetime import datetime

import pytest

from dialogs.discretion import discretion_for
from dialogs.world import SHANGHAI, World
from tests.dialogs.talk import HAPPY, Talk, fill

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def filled(world: World) -> Talk:
    """Somebody whose particulars are known."""
    return fill(Talk(world, NOW), until="site_name")


@pytest.mark.parametrize(
    "text, shown",
    [
        ("我是张样例", "我是张**"),
        ("电话13800138000", "电话138****8000"),
        ("我的号 138 0013 8000。", "我的号 138****8000。"),
        ("身份证320102198001010024没错", "身份证**************0024没错"),
        ("邮箱 TEA@example-mail.cn", "邮箱 T***@example-mail.cn"),
        ("另一个号 13912345678", "另一个号 139****5678"),
        ("备案号苏ICP备2026000001号", "备案号苏ICP备2026000001号"),
        ("域名是example-tea.cn，IP 121.40.1.10", "域名是example-tea.cn，IP 121.40.1.10"),
        ("İ13912345678", "İ139****5678"),
        ("", ""),
    ],
)
def test_what_people_wrote_is_masked(filled: Talk, text: str, shown: str) -> None:
    assert discretion_for(filled.case, filled.world).hide(text) == shown


def test_every_sensitive_answer_is_masked_in_what_the_assistant_says(filled: Talk) -> None:
    discretion = discretion_for(filled.case, filled.world)
    flow = filled.world.flows["first_filing"]
    said = filled.press("cmd:reveal")
    hidden = discretion.hide(said, by_people=False)
    for key, value in filled.values.items():
        ask = flow[key].ask
        if ask is not None and ask.sensitive and ask.show(value, masked=True) != value:
            assert value not in hidden, key
    assert HAPPY["domain"] in hidden


def test_the_assistants_own_numbers_stay(filled: Talk) -> None:
    text = "发送号是 12381 或 106575510012381012。"
    assert discretion_for(filled.case, filled.world).hide(text, by_people=False) == text
