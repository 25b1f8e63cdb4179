"""Where an encrypted value belongs; a ciphertext moved elsewhere does not open."""


def attention(conversation_id: str, version: int) -> str:
    """A conversation's attention as of one version: an older one cannot be put back."""
    return f"attention/{conversation_id}/{version}"


def answer(filing_id: str, n: int, step: str) -> str:
    """A filing's n-th answer."""
    return f"answer/{filing_id}/{n}/{step}"


def event(filing_id: str, n: int, kind: str) -> str:
    """A filing's n-th event."""
    return f"event/{filing_id}/{n}/{kind}"


def material(filing_id: str, n: int, material_id: str) -> str:
    """What was found on a filing's n-th piece."""
    return f"material/{filing_id}/{n}/{material_id}"


def verdict(filing_id: str, n: int, material_id: str) -> str:
    """The reason of a filing's n-th verdict."""
    return f"verdict/{filing_id}/{n}/{material_id}"


def heard(conversation_id: str, turn: int) -> str:
    """The words that led to a turn."""
    return f"heard/{conversation_id}/{turn}"


def files(conversation_id: str, turn: int) -> str:
    """What is known of the files that led to a turn."""
    return f"files/{conversation_id}/{turn}"


def said(conversation_id: str, public_id: str) -> str:
    """A reply, or the deletion of a message."""
    return f"said/{conversation_id}/{public_id}"


def question(conversation_id: str, turn: int) -> str:
    """The words of a question kept by a turn."""
    return f"question/{conversation_id}/{turn}"


def file_name(file_id: str) -> str:
    """What the applicant's device called a file."""
    return f"name/{file_id}"


def file_content(file_id: str) -> str:
    """The bytes of a file."""
    return f"content/{file_id}"


def contact(contact_id: str) -> str:
    """An address somebody wants to be reminded at."""
    return f"contact/{contact_id}"


def comment(conversation_id: str) -> str:
    """What somebody says of a person's help in their conversation."""
    return f"comment/{conversation_id}"


def note(note_id: str) -> str:
    """What staff wrote to one another."""
    return f"note/{note_id}"


def draft(conversation_id: str, version: int) -> str:
    """The reply colleagues write together, as of one version."""
    return f"draft/{conversation_id}/{version}"


def task(key: str) -> str:
    """What a colleague asked to be done."""
    return f"task/{key}"


def docket(conversation_id: str, version: int) -> str:
    """A conversation as the desk lists it, as of one version."""
    return f"docket/{conversation_id}/{version}"


def terms(conversation_id: str, version: int) -> str:
    """The fingerprint of a conversation's words, as of one version."""
    return f"terms/{conversation_id}/{version}"


def review(conversation_id: str, week: str) -> str:
    """What a reviewer wrote about a conversation of a week."""
    return f"review/{conversation_id}/{week}"


def factor(agent_id: str) -> str:
    """The secret of a member of staff's second factor."""
    return f"agent/{agent_id}/factor"


def audit(n: int) -> str:
    """The detail of the audit trail's n-th entry."""
    return f"audit/{n}"


def wechat_delivery(openid: str, key: str) -> str:
    """What WeChat delivered and nobody has dealt with yet."""
    return f"wechat/delivery/{openid}/{key}"


def wecom_message(account: str, key: str) -> str:
    """What was pulled from WeCom and nobody has dealt with yet."""
    return f"wecom/message/{account}/{key}"
