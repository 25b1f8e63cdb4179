"""Where nobody found a province's rule, the review says so instead of guessing."""

from tests.dialogs.talk import Talk, fill


def test_the_review_names_what_no_rule_of_the_province_was_found_for(talk: Talk) -> None:
    fill(talk)
    said = "\n".join(reply.text for reply in talk.replies)
    assert "江苏在这些方面没有查到专门规定：域名所有者" in said
    assert "年龄" not in said.partition("没有查到专门规定：")[2].partition("。")[0]
