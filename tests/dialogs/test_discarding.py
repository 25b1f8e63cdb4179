"""Pictures that were kept for nothing are deleted at once."""

from collections.abc import Sequence

from dialogs.world import World
from filing.materials.material import MaterialKind
from tests.dialogs.paper_talk import Inspector, Sender, shows
from tests.dialogs.test_papers import world_with_forms


def discarding(sender: Sender) -> list[str]:
    """What is deleted from now on, by the names the pictures were sent under."""
    gone: list[str] = []

    async def discard(ids: Sequence[str]) -> None:
        gone.extend(one.partition("~")[0] for one in ids)

    sender.assistant.discard = discard
    return gone


async def test_an_identity_paper_sent_for_another_one_is_deleted_at_once(world: World) -> None:
    sender = Sender(world_with_forms(world), channel="telegram")
    await sender.fill("never", confirm="confirm")
    gone = discarding(sender)
    sender.inspector = Inspector({"card": shows(MaterialKind.IDENTITY_DOCUMENT)})
    sender.assistant.inspector = sender.inspector
    await sender.press("paper:upload:domain_certificate.subject")
    await sender.send("certificate")
    assert gone == []
    await sender.press("paper:upload:domain_certificate.subject")
    await sender.send("card")
    assert gone == ["card"]
    filing = (await sender.case()).filing
    assert filing is not None
    assert [one.id.partition("~")[0] for one in filing.materials] == ["certificate"]


async def test_a_picture_that_is_let_go_is_deleted(world: World) -> None:
    sender = await Sender(world).fill("never", confirm="confirm")
    gone = discarding(sender)
    await sender.send("holiday")
    assert gone == []  # they are asked which paper it is
    assert (await sender.case()).attention.loose
    await sender.press("paper:none")
    assert gone == ["holiday"]


async def test_a_fault_of_deleting_costs_nobody_a_turn(world: World) -> None:
    sender = await Sender(world).fill("never", confirm="confirm")

    async def away(ids: Sequence[str]) -> None:
        raise ConnectionError("the store is away")

    sender.assistant.discard = away
    await sender.send("holiday")
    assert await sender.press("paper:none")
