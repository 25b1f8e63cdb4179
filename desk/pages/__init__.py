"""The pages of the desk: each a module with a router, listed here, its place in the head in
``desk.navigation``."""

from fastapi import APIRouter

from desk.pages import (
    account,
    accounts,
    attaching,
    audit,
    conversation,
    factor,
    gaps,
    holding,
    knowledge,
    language,
    login,
    mine,
    notes,
    numbers,
    oidc,
    proposing,
    prove,
    quality,
    queue,
    recording,
    revealing,
    team,
)

ROUTERS: tuple[APIRouter, ...] = (
    login.router,
    oidc.router,
    prove.router,
    language.router,
    account.router,
    factor.router,
    accounts.router,
    audit.router,
    queue.router,
    conversation.router,
    holding.router,
    attaching.router,
    proposing.router,
    notes.router,
    knowledge.router,
    recording.router,
    revealing.router,
    mine.router,
    numbers.router,
    team.router,
    gaps.router,
    quality.router,
)
