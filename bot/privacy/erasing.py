"""Erasing somebody whole, written down by the random id they had."""

from desk.deeds import Deed
from storage.ports import Erased, Stores


async def erase(stores: Stores, applicant: str) -> Erased | None:
    """Erase somebody's keys, rows and files; None if there is no such person."""
    await stores.audit.record(None, Deed.DATA_ERASED, f"applicant:{applicant}")
    return await stores.filings.erase(applicant)
