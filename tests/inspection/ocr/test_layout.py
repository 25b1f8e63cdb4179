"""Words beside their labels, however the lines fell apart."""

from collections.abc import Mapping

from bot.inspection.ocr.layout import Value, values
from bot.inspection.ocr.lines import Piece

LABELS = ("名称", "类型", "住所", "法定代表人", "经营范围", "注册资本", "成立日期")
OVER_LINES = ("名称", "类型", "住所", "经营范围")
EM = 30


def at(column: float, row: float, text: str, sure: float = 0.99) -> Piece:
    """A box of square letters: ``column`` in letters, ``row`` in rows of 60 pixels."""
    left, top = column * EM, row * 60
    return Piece(text, left, top, left + len(text) * EM, top + EM, sure)


def read(*pieces: Piece) -> Mapping[str, str]:
    """What stands beside each label."""
    found = values(sorted(pieces, key=lambda piece: (piece.top, piece.left)), LABELS, OVER_LINES)
    return {name: value.text for name, value in found.items()}


def test_a_label_and_its_value_stand_in_one_row() -> None:
    assert read(at(0, 0, "名称"), at(5, 0, "南京样例有限公司")) == {"名称": "南京样例有限公司"}


def test_letters_of_a_label_that_stand_apart_are_one_label() -> None:
    assert read(at(0, 0, "名"), at(3, 0, "称"), at(5, 0, "南京样例有限公司")) == {
        "名称": "南京样例有限公司"
    }
    assert read(at(0, 0, "住"), at(3, 0, "所南京市样例路1号"), at(0, 1, "法定代表人")) == {
        "住所": "南京市样例路1号"
    }


def test_a_label_and_value_read_as_one_line_are_taken_apart() -> None:
    assert read(at(0, 0, "名称：南京样例有限公司"), at(0, 1, "类型"), at(5, 1, "有限责任公司")) == {
        "名称": "南京样例有限公司",
        "类型": "有限责任公司",
    }


def test_the_second_letter_of_a_label_is_enough_where_labels_end() -> None:
    assert read(
        at(0, 0, "注册资本"),
        at(5, 0, "壹佰万元整"),
        at(3, 1, "所"),
        at(5, 1, "南京市样例路1号"),
    )["住所"] == ("南京市样例路1号")


def test_an_address_goes_on_in_the_next_line_but_not_in_the_next_row() -> None:
    assert read(
        at(0, 0, "住所"),
        at(5, 0, "江苏省南京市玄武区样例大道"),
        at(5, 0.7, "188号3幢"),
        at(0, 1.8, "经营范围"),
        at(5, 1.8, "技术服务"),
    ) == {"住所": "江苏省南京市玄武区样例大道188号3幢", "经营范围": "技术服务"}


def test_a_value_next_to_a_label_nobody_could_read_is_left_out() -> None:
    found = read(
        at(0, 0, "名称"),
        at(5, 0, "南京样例有限公司"),
        at(0, 0.7, "娄塑"),
        at(5, 0.7, "有限责任公司"),
    )
    assert "名称" not in found


def test_two_columns_do_not_run_into_each_other() -> None:
    assert read(
        at(0, 0, "名称"),
        at(5, 0, "南京样例有限公司"),
        at(16, 0, "注册资本"),
        at(21, 0, "壹佰万元整"),
        at(0, 1, "类型"),
        at(5, 1, "有限责任公司"),
        at(16, 1, "成立日期"),
        at(21, 1, "2020年01月02日"),
    ) == {
        "名称": "南京样例有限公司",
        "注册资本": "壹佰万元整",
        "类型": "有限责任公司",
        "成立日期": "2020年01月02日",
    }


def test_a_line_of_the_scope_that_begins_with_a_labels_word_is_no_label() -> None:
    found = read(
        at(0, 0, "经营范围"),
        at(5, 0, "技术服务；为下列"),
        at(5, 0.7, "住所提供服务；广告"),
        at(0, 2, "法定代表人"),
        at(5, 2, "钱样"),
    )
    assert found == {
        "经营范围": "技术服务；为下列住所提供服务；广告".replace("；", ";"),
        "法定代表人": "钱样",
    }


def test_a_label_that_stands_twice_tells_nothing() -> None:
    found = read(at(0, 0, "名称"), at(5, 0, "甲公司"), at(0, 1, "名称"), at(5, 1, "乙公司"))
    assert "名称" not in found


def test_a_value_is_as_sure_as_its_least_sure_line() -> None:
    found = values(
        (at(0, 0, "住所"), at(5, 0, "南京市样例路", 0.99), at(5, 0.7, "1号", 0.6)),
        LABELS,
        OVER_LINES,
    )
    assert found["住所"] == Value("南京市样例路1号", 0.6)


def test_brackets_of_chinese_text_are_full_width() -> None:
    assert read(at(0, 0, "名称"), at(5, 0, "样例(南京)有限公司"))["名称"] == "样例（南京）有限公司"
