"""What somebody logged in must still do before the desk opens to them."""

from enum import StrEnum

from desk.sessions import Session
from desk.staff import Agent, Role


class Step(StrEnum):
    """One thing at a time, in this order."""

    CODE = "code"  # show the second factor
    PASSWORD = "password"  # replace a password that was given, not chosen
    FACTOR = "factor"  # set up a second factor, which admins must have


WAYS = {
    Step.CODE: "/login/code",
    Step.PASSWORD: "/account/password",
    Step.FACTOR: "/account/factor",
}
"""Where each is done, within the desk."""


def due(agent: Agent, session: Session) -> Step | None:
    """The next step; None if the desk is open."""
    if session.factor_due:
        return Step.CODE
    if agent.must_change:
        return Step.PASSWORD
    if agent.role is Role.ADMIN and not agent.has_factor:
        return Step.FACTOR
    return None
