"""Reading all content once at start-up: flows, rules, wording, provider and knowledge."""

from bot.keeping import keeping_time
from bot.letters.loading import load_letters
from bot.reminding.reaching import reach_of
from bot.settings import Settings
from dialogs.blanking import keeping_problems
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.wording import load_wording
from dialogs.world import OUTSIDE, World
from filing.rulebook import Rulebook
from knowledge.answering import Knowledge
from knowledge.deadlines import deadline_rules
from knowledge.errors import BrokenContent
from knowledge.keeping import load_keeping
from knowledge.kinds import load_kinds
from knowledge.materials import load_material_rules
from knowledge.provider import load_provider
from knowledge.rejections import load_rejection_book
from knowledge.rules_loader import load_rulebook

FLOWS = {FIRST_FILING.name: FIRST_FILING}


def load_world(settings: Settings, rulebook: Rulebook | None = None) -> World:
    """Read and validate everything; the rules too, unless they were read before.

    Raises BrokenContent naming each broken place.
    """
    rulebook = rulebook or load_rulebook(settings.content)
    provider = load_provider(settings.provider, settings.content)
    keeping = load_keeping(provider, settings.content)
    if broken := list(keeping_problems(keeping, FLOWS.values())):
        raise BrokenContent(broken)
    return World(
        flows=FLOWS,
        rulebook=rulebook,
        wording=load_wording(settings.content / "wording" if settings.content else None),
        provider=provider,
        knowledge=Knowledge(rulebook, provider, settings.content),
        kinds=load_kinds(),
        rejections=load_rejection_book(),
        deadlines=deadline_rules(rulebook, provider),
        materials=load_material_rules(settings.content),
        letters=load_letters(settings.content),
        operator=settings.operator_name or "",
        contact=settings.operator_contact or "",
        has_forms=settings.public_url is not None,
        notice_url=f"{settings.public_url}/privacy" if settings.public_url else "",
        cautious_channels=OUTSIDE - settings.typed_on,
        rings=reach_of(settings).rings,
        keeping=keeping.capped(keeping_time(settings)),
    )
