"""The same stores in memory, for the demo, rehearsals and tests: gone with the process.

Values are kept as they are: nothing is encrypted and nothing is written anywhere.
"""

from collections.abc import Callable
from datetime import datetime

from storage.memory.alerts import MemoryAlerts
from storage.memory.beside import MemoryNotebook, MemoryPresence, MemoryTasks
from storage.memory.claims import MemoryClaims
from storage.memory.contacts import MemoryContacts
from storage.memory.dockets import MemoryDockets
from storage.memory.erasing import MemoryErasing
from storage.memory.keeping import MemoryKeptAnswers
from storage.memory.leases import MemoryLeases, MemoryPaces
from storage.memory.leftovers import MemoryLeftovers
from storage.memory.links import MemoryLinks
from storage.memory.listing import MemoryListing
from storage.memory.news import MemoryNews
from storage.memory.notice_consents import MemoryNoticeConsents
from storage.memory.pulse import MemoryPulses
from storage.memory.questions import MemoryQuestions
from storage.memory.ratings import MemoryRatings
from storage.memory.records import (
    MemoryFiles,
    MemoryFilings,
    MemoryMaterials,
    MemoryReceipts,
)
from storage.memory.reminders import MemoryReminders
from storage.memory.shared import Memory
from storage.memory.staff import (
    MemoryAgents,
    MemoryAttempts,
    MemoryAudit,
    MemoryFactors,
    MemorySessions,
    StaffMemory,
)
from storage.memory.statistics import MemoryStatistics
from storage.memory.supervising import MemoryArticleDrafts, MemoryReviews
from storage.memory.talk import (
    MemoryCases,
    MemoryDeadLetters,
    MemoryForms,
    MemoryOutbox,
    MemoryTranscript,
)
from storage.memory.waiting import MemoryWaitingLine
from storage.memory.wechat import MemoryWeChat
from storage.memory.wecom import MemoryWeCom
from storage.ports import StorePolicy, Stores


def memory_stores(clock: Callable[[], datetime], policy: StorePolicy | None = None) -> Stores:
    """A fresh set of stores in memory."""
    memory = Memory()
    staff = StaffMemory(clock)
    reminders = MemoryReminders(memory)
    contacts = MemoryContacts(memory)
    return Stores(
        cases=MemoryCases(memory, policy or StorePolicy(), reminders),
        outbox=MemoryOutbox(memory),
        transcript=MemoryTranscript(memory),
        forms=MemoryForms(memory),
        dead_letters=MemoryDeadLetters(memory),
        files=MemoryFiles(memory, clock),
        filings=MemoryFilings(memory, policy or StorePolicy(), reminders, staff),
        materials=MemoryMaterials(memory),
        answers=MemoryKeptAnswers(memory),
        erasing=MemoryErasing(memory),
        leftovers=MemoryLeftovers(memory, staff),
        agents=MemoryAgents(staff),
        sessions=MemorySessions(staff),
        factors=MemoryFactors(staff),
        attempts=MemoryAttempts(staff),
        audit=MemoryAudit(staff),
        reminders=reminders,
        contacts=contacts,
        links=MemoryLinks(memory, contacts),
        questions=MemoryQuestions(memory),
        receipts=MemoryReceipts(memory),
        statistics=MemoryStatistics(memory, reminders),
        reviews=MemoryReviews(memory),
        article_drafts=MemoryArticleDrafts(),
        notebook=MemoryNotebook(memory),
        tasks=MemoryTasks(memory),
        presence=MemoryPresence(memory),
        pulses=MemoryPulses(memory),
        dockets=MemoryDockets(memory, policy or StorePolicy()),
        listing=MemoryListing(lambda: memory.dockets),
        claims=MemoryClaims(memory),
        ratings=MemoryRatings(memory),
        alerts=MemoryAlerts(memory, staff),
        wechat=MemoryWeChat(memory),
        wecom=MemoryWeCom(memory, reminders),
        notice_consents=MemoryNoticeConsents(memory),
        line=MemoryWaitingLine(memory),
        news=MemoryNews(),
        leases=MemoryLeases(),
        paces=MemoryPaces(),
        ready=_nothing_to_do,
        close=_nothing_to_do,
    )


async def _nothing_to_do() -> None:
    pass
