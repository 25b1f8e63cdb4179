"""Who may do what: one table, asked by every route through ``authorize``."""

from enum import StrEnum
from typing import Final

from desk.staff import Agent, Role


class Action(StrEnum):
    """What can be done at the desk. A route declares exactly one of them."""

    ENTER = "enter"  # be at the desk at all: own account, language, logging out
    SEE_QUEUE = "see_queue"
    SEE_CONVERSATION = "see_conversation"
    CLAIM = "claim"  # take a free conversation, renew, hand back
    TAKE_OVER = "take_over"  # take a conversation another person holds
    SAY = "say"  # write to an applicant
    NOTE = "note"  # private notes, drafts, mentions
    EDIT_NOTE = "edit_note"
    PROPOSE = "propose"  # a value for a field, which the applicant approves
    RECORD_EVENT = "record_event"  # what happened to a filing
    REVEAL = "reveal"  # a masked value, for a reason
    JUDGE_PAPER = "judge_paper"  # accept a received paper, or refuse it
    EXPORT_PAPERS = "export_papers"  # take accepted papers to the console
    EDIT_TEXTS = "edit_texts"  # canned texts
    SEE_NUMBERS = "see_numbers"
    SUPERVISE = "supervise"  # team view, reassigning, samples, knowledge gaps
    READ_AUDIT = "read_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    END_SESSION = "end_session"


_AGENT, _SUPERVISOR, _ADMIN = Role

LOWEST: Final[dict[Action, tuple[Role, Role]]] = {
    # action: lowest role for what is one's own or nobody's, lowest for another person's
    Action.ENTER: (_AGENT, _AGENT),
    Action.SEE_QUEUE: (_AGENT, _AGENT),
    Action.SEE_CONVERSATION: (_AGENT, _AGENT),
    Action.CLAIM: (_AGENT, _AGENT),  # that it is free is enforced when claiming
    Action.TAKE_OVER: (_SUPERVISOR, _SUPERVISOR),
    Action.SAY: (_AGENT, _AGENT),  # who holds the conversation is enforced when sending
    Action.NOTE: (_AGENT, _AGENT),
    Action.EDIT_NOTE: (_AGENT, _SUPERVISOR),
    Action.PROPOSE: (_AGENT, _AGENT),
    Action.RECORD_EVENT: (_AGENT, _AGENT),
    Action.REVEAL: (_AGENT, _AGENT),
    Action.JUDGE_PAPER: (_AGENT, _AGENT),  # whoever else has the conversation judges
    Action.EXPORT_PAPERS: (_AGENT, _AGENT),
    Action.EDIT_TEXTS: (_AGENT, _SUPERVISOR),
    Action.SEE_NUMBERS: (_SUPERVISOR, _SUPERVISOR),
    Action.SUPERVISE: (_SUPERVISOR, _SUPERVISOR),
    Action.READ_AUDIT: (_SUPERVISOR, _SUPERVISOR),
    Action.MANAGE_ACCOUNTS: (_ADMIN, _ADMIN),
    Action.END_SESSION: (_AGENT, _ADMIN),
}


class NotAllowed(Exception):
    """A member of staff wants what their role does not allow."""

    def __init__(self, action: Action) -> None:
        super().__init__(f"not allowed: {action}")
        self.action = action


def is_allowed(agent: Agent, action: Action, owner: str | None = None) -> bool:
    """Whether ``agent`` may do this to an object of ``owner`` (an agent's id; None: nobody's)."""
    own, foreign = LOWEST[action]
    lowest = own if owner in (None, agent.id) else foreign
    return not agent.disabled and agent.role.rank >= lowest.rank


def authorize(agent: Agent, action: Action, owner: str | None = None) -> None:
    """Raise ``NotAllowed`` unless ``is_allowed``."""
    if not is_allowed(agent, action, owner):
        raise NotAllowed(action)
