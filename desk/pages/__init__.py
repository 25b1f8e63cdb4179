"""The pages of the desk: each a module with a router, listed here, its place in the head in
``desk.navigation``."""

from fastapi import APIRouter

from desk.pages import language, login, numbers, queue, team

ROUTERS: tuple[APIRouter, ...] = (
    login.router,
    language.router,
    queue.router,
    numbers.router,
    team.router,
)
