"""`beian agents` and `beian audit`: who works at the desk, and what was done there."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from bot.commands.running import fail, guarded, settings_of

agents = typer.Typer(help="Accounts of support staff.", no_args_is_help=True)
audit = typer.Typer(help="The audit trail of the staff desk.", no_args_is_help=True)


class AgentRole(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@audit.command("verify")
def audit_verify(
    head: Annotated[
        str | None, typer.Option(help="A checksum noted earlier, which must still be there.")
    ] = None,
) -> None:
    """Check that no entry was changed, taken out or put in; prints the newest checksum."""
    from bot.auditing import verify

    verdict = guarded(lambda: asyncio.run(verify(settings_of(), head)))
    if verdict.broken_at is not None:
        fail(f"entry {verdict.broken_at} is not as it was written; compare with a backup")
    if not verdict.knows_head:
        fail("the checksum is not in the trail: entries were taken off its end, or it is mistyped")
    print(f"ok, {verdict.entries} entries, newest checksum {verdict.head.hex()}")


@audit.command("export")
def audit_export() -> None:
    """Write the whole trail, oldest first, one JSON object a line."""
    from bot.auditing import export

    guarded(lambda: asyncio.run(export(settings_of(), print)))


@agents.command("add")
def agents_add(
    name: str, role: Annotated[AgentRole, typer.Option(help="What they may do.")] = AgentRole.AGENT
) -> None:
    """Add a member of staff; prints a one-time password."""
    from bot.staff import add_agent

    password = guarded(lambda: asyncio.run(add_agent(settings_of(), name, role.value)))
    if password is None:
        fail(f"{name!r} exists already; choose another name or disable the old account")
    print(f"{name} {role.value} {password}")


@agents.command("list")
def agents_list() -> None:
    """List staff accounts."""
    from bot.staff import list_agents

    for agent in guarded(lambda: asyncio.run(list_agents(settings_of()))):
        print(f"{agent.name} {agent.role}{' disabled' if agent.disabled else ''}")


@agents.command("disable")
def agents_disable(name: str) -> None:
    """Take a member of staff's access away."""
    from bot.staff import disable_agent

    if not guarded(lambda: asyncio.run(disable_agent(settings_of(), name))):
        fail(f"there is no {name!r}; see `beian agents list`")
    print(f"{name} disabled")
