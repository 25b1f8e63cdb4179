"""What canned texts may say of a case: facts about the filing, none about a person."""

from datetime import datetime

from dialogs.case import Case
from dialogs.reminder_words import due_words, span_words, who_of
from dialogs.standing import Standing
from dialogs.world import World

_VALUES = ("domain", "province", "site_name", "subject_name")


def facts_of(
    case: Case, standing: Standing, now: datetime, world: World, agent: str
) -> dict[str, str]:
    """The values of ``desk.canned.VARIABLES`` that this case knows, in the applicant's language.

    What is masked in the desk is left out, as is a name that belongs to a person.
    """
    locale = case.locale
    facts = {
        "agent": agent,
        "contact": world.reached_by(locale),
        "provider": world.provider.short_name(locale),
        "stage": world.wording.say(f"stage.name.{standing.stage.stage.value}", locale),
    }
    if case.filing is None:
        return facts
    facts["filing"] = case.filing.id
    values = standing.journey.values
    is_person = values.get("subject_kind") == "individual"
    for key in _VALUES:
        value = values.get(key, "")
        hidden = standing.masked_values.get(key) != value or (is_person and key == "subject_name")
        if value and not hidden:
            is_province = key == "province"
            facts[key] = world.wording.label("province", value, locale) if is_province else value
    if standing.stage.filing_number:
        facts["filing_number"] = standing.stage.filing_number
    if standing.asking is not None:
        facts["question"] = world.wording.say(f"step.{standing.asking}.label", locale)
        facts["remaining"] = str(standing.journey.remaining)
    reasons = [one.reason for one in standing.stage.returns if one.reason]
    if reasons:
        facts["returned"] = reasons[-1]
    return facts | _nearest(standing, now, locale, world)


def _nearest(standing: Standing, now: datetime, locale: str, world: World) -> dict[str, str]:
    """The deadline that ends next."""
    running = [one for one in standing.deadlines if one.open and one.due_at > now]
    if not running:
        return {}
    first = min(running, key=lambda one: one.due_at)
    who = who_of(first, locale, world)
    title = first.kind.title[locale]
    if who:
        title = world.wording.say("message.value_line", locale, label=title, value=who)
    return {
        "deadline": title,
        "due": due_words(first, now, locale, world),
        "left": span_words(first.due_at - now, locale, world),
    }
