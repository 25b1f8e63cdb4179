"""The first filing (首次备案), in the order the reference provider's console asks.

Source: the reference provider's procedure for a first filing: verify the filing type, then
subject, principal, website, site manager, remark, review.
"""

from dialogs.answers.choices import Choice
from dialogs.flow import Flow, Step
from dialogs.flows.conditions import FIRST
from dialogs.flows.opening import KIND, START
from dialogs.flows.subject import PRINCIPAL, SUBJECT
from dialogs.flows.website import REMARK, SITE_MANAGER, WEBSITE

BEFORE_REVIEW = START + KIND + SUBJECT + PRINCIPAL + WEBSITE + SITE_MANAGER + REMARK

REVIEW: tuple[Step, ...] = (
    Step(
        key="confirm",
        ask=Choice("confirmation"),
        section="review",
        when=(FIRST,),
        needs=tuple(step.key for step in BEFORE_REVIEW),
        closes=True,
    ),
)

FIRST_FILING = Flow(name="first_filing", version=1, steps=BEFORE_REVIEW + REVIEW)
"""Version 1: the flow of the first release."""
