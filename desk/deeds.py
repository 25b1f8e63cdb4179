"""What the audit trail writes down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

CONSOLE: Final = "beian"
"""Whose deed it is when a command did it, or the program by itself."""


class Deed(StrEnum):
    """What is written down; its text is ``audit.deed.<value>``."""

    LOGGED_IN = "logged_in"
    LOGIN_REFUSED = "login_refused"
    LOGGED_OUT = "logged_out"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_RESET = "password_reset"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODE_USED = "recovery_code_used"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    ROLE_CHANGED = "role_changed"
    DISPLAY_NAME_CHANGED = "display_name_changed"
    VALUE_REVEALED = "value_revealed"
    FILE_OPENED = "file_opened"
    PAPER_SEEN = "paper_seen"
    PAPER_ACCEPTED = "paper_accepted"
    PAPER_REFUSED = "paper_refused"
    PAPERS_EXPORTED = "papers_exported"
    CLAIMED = "claimed"
    TAKEN_OVER = "taken_over"
    HANDED_BACK = "handed_back"
    REASSIGNED = "reassigned"
    EVENT_RECORDED = "event_recorded"
    VALUE_PROPOSED = "value_proposed"
    TEXT_CHANGED = "text_changed"
    SAMPLE_READ = "sample_read"
    GAP_ANSWERED = "gap_answered"
    ARTICLE_WRITTEN = "article_written"
    ARTICLE_DECIDED = "article_decided"
    REVIEWED = "reviewed"
    AUDIT_EXPORTED = "audit_exported"
    DATA_COPIED = "data_copied"
    DATA_ERASED = "data_erased"
    MASTER_KEY_CHANGED = "master_key_changed"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written down.

    ``agent`` is a staff name. ``object`` names what was acted upon as ``kind:id``
    (``"conversation:9f2c"``), or is empty. ``detail`` must not hold applicants' values.
    """

    agent: str
    action: str
    object: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
