"""Pictures that come by the operator's own page: its field, and what is taken from it."""

from dataclasses import replace

from dialogs.forms import PICTURE, ask_in_form
from dialogs.turn.papers import PICTURE_FIELD
from dialogs.world import World
from tests.dialogs.paper_talk import Sender

IDENTITY = "identity_document.principal"


async def test_the_form_has_a_field_for_the_pictures_of_a_paper(world: World) -> None:
    sender = await Sender(replace(world, has_forms=True)).fill("site_name")
    asked = (f"{PICTURE_FIELD}{IDENTITY}", f"{PICTURE_FIELD}construction_plan.subject")
    [field] = ask_in_form(await sender.case(), asked, sender.now, world)
    assert field.kind == PICTURE and field.key == asked[0]
    assert field.label == "法定代表人的居民身份证" and "四个角" in field.ask


async def test_before_the_consent_there_is_none(world: World) -> None:
    sender = await Sender(world).fill("consent_sensitive")
    asked = (f"{PICTURE_FIELD}{IDENTITY}",)
    assert ask_in_form(await sender.case(), asked, sender.now, world) == ()
