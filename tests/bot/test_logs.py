"""Log lines hold nobody's numbers and none of our secrets."""

import logging

import pytest

from bot.logs import Masking

SECRET = "a-secret-of-this-test"


@pytest.mark.parametrize(
    "line, masked",
    [
        (f"set to {SECRET}", "set to <secret>"),
        ("GET /bot4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK/getMe", "GET /bot<token>/getMe"),
        (
            "POST https://api.weixin.qq.com/cgi-bin/media/upload?access_token=80_x-Y_z&type=image",
            "POST https://api.weixin.qq.com/cgi-bin/media/upload?access_token=<token>&type=image",
        ),
        ("GET /wechat/files/AbC-_d12EfGh.1.69281f00.x_y-z 200", "GET /wechat/files/<token> 200"),
        ("GET /form/AbC-_d12EfGhIjKl 200", "GET /form/<token> 200"),
        ("11010519491231002X 13800138000 a.b@example.cn", "<id> <phone> <email>"),
        ("message 23000000000000001 of filing a1b2", "message 23000000000000001 of filing a1b2"),
    ],
)
def test_a_line_is_masked(line: str, masked: str) -> None:
    assert Masking([SECRET]).mask(line) == masked


def test_a_record_of_a_library_is_masked_and_its_traceback_left_out() -> None:
    try:
        raise ValueError("11010519491231002X")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "%s failed", ("13800138000",), (type(error), error, None)
        )
    assert Masking().filter(record)
    assert record.getMessage() == "<phone> failed (ValueError)"
    assert record.exc_info is None
