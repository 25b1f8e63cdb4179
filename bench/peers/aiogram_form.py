"""The form as aiogram's documentation writes forms: a state a question, a handler a state.

States are compared by ``StateFilter``, which is asynchronous: the bare ``State`` of most
examples is run in a thread for every update and costs three times as much.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram import Bot, Dispatcher, Router
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message

from bench.form import NOT_READ, QUESTIONS, ask, summary
from bench.peers.aiogram_edge import keys, parsed

Keep = Callable[[int, str, str], Awaitable[None]]
"""Keeps one answer: chat, key and value."""

_STATES = tuple(State(question.key, group_name="Form") for question in QUESTIONS)


@dataclass(slots=True)
class Kept:
    """Counts what the state machine holds."""

    answers: int = 0

    async def add(self, chat: int, key: str, value: str) -> None:
        """Count one answer."""
        self.answers += 1


@dataclass(frozen=True, slots=True)
class AiogramForm:
    """A dispatcher with the form on it."""

    bot: Bot
    dispatcher: Dispatcher

    async def feed(self, raw: bytes) -> None:
        """See ``Bot``."""
        await self.dispatcher.feed_raw_update(self.bot, parsed(raw))


def form(bot: Bot, keep: Keep) -> AiogramForm:
    """The form, telling every answer to ``keep`` before the next question is put."""
    router = Router()

    async def start(message: Message, state: FSMContext) -> None:
        await state.set_state(_STATES[0])
        await message.answer(ask(0), reply_markup=keys(QUESTIONS[0]))

    router.message.register(start, CommandStart())
    for number, state in enumerate(_STATES):
        router.message.register(_answer(number, keep), StateFilter(state))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    return AiogramForm(bot, dispatcher)


def _answer(number: int, keep: Keep) -> Callable[[Message, FSMContext], Awaitable[None]]:
    question = QUESTIONS[number]
    last = number + 1 == len(QUESTIONS)

    async def handler(message: Message, state: FSMContext) -> None:
        value = question.read(message.text or "")
        if value is None:
            await message.answer(NOT_READ)
            return
        values = await state.update_data({question.key: value})
        await keep(message.chat.id, question.key, value)
        if last:
            await state.clear()
            await message.answer(summary(values))
            return
        await state.set_state(_STATES[number + 1])
        await message.answer(ask(number + 1), reply_markup=keys(QUESTIONS[number + 1]))

    return handler
