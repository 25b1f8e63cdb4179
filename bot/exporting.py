"""Exports and erasure: a filing in console order as JSON or a page to print, or gone."""

import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, select_autoescape

from bot.clock import real_clock
from bot.privacy.erasing import erase
from bot.settings import Settings
from bot.wiring import open_program
from desk.deeds import Deed
from desk.hand_over import accepted_as_zip
from dialogs.case import Case
from dialogs.paper_overview import ListedPaper, paper_overview
from dialogs.standing import standing
from dialogs.world import World
from filing.sheet import Sheet, sheet


async def export_filing(
    settings: Settings, filing_id: str, output: str, *, full: bool
) -> str | None:
    """The filing as text, masked unless ``full``; None if there is no such filing."""
    async with open_program(settings, real_clock) as program:
        found = await program.stores.filings.find(filing_id)
        if found is None:
            return None
        data = filing_as_data(found.case, filing_id, program.world, full=full)
    if output == "json":
        return json.dumps(data, ensure_ascii=False, indent=2)
    return _printable(data)


async def export_materials(settings: Settings, filing_id: str, to: Path) -> bool:
    """Write the accepted papers of a filing as a ZIP, and note it; False if there is none such.

    The file is readable by its owner alone: it holds pictures of identity papers.
    """
    async with open_program(settings, real_clock) as program:
        found = await program.stores.filings.find(filing_id)
        if found is None:
            return False
        now, case = real_clock(), found.case
        papers = paper_overview(case, filing_id, now, program.world, case.locale)
        count = str(sum(len(one.accepted) for one in papers))
        about, deed = f"filing:{filing_id}", Deed.PAPERS_EXPORTED
        await program.stores.audit.record(None, deed, about, {"count": count})
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            async for part in accepted_as_zip(filing_id, papers, program.stores.files, now):
                file.write(part)
    return True


async def erase_applicant(settings: Settings, some_id: str) -> bool:
    """Erase the applicant with this id, or of this filing; False if there is none."""
    async with open_program(settings, real_clock) as program:
        applicant = await program.stores.filings.applicant_of(some_id)
        if applicant is None:
            return False
        return await erase(program.stores, applicant) is not None


def filing_as_data(case: Case, filing_id: str, world: World, *, full: bool) -> dict[str, Any]:
    """A filing with its sheet in console order, as data."""
    now = real_clock()
    chosen = case.with_filing(case.filings[filing_id])
    stands = standing(chosen, now, world)
    say = world.wording.say

    def label(vocabulary: str, option: str) -> str:
        return world.wording.label(vocabulary, option, case.locale)

    laid_out: Sheet = sheet(stands.filing, label)
    return {
        "filing": filing_id,
        "provider": world.provider.full_name(case.locale),
        "stage": stands.stage.stage.value,
        "stage_text": say(f"stage.name.{stands.stage.stage.value}", case.locale),
        "filing_number": stands.stage.filing_number,
        "exported_at": now.isoformat(timespec="seconds"),
        "locale": case.locale,
        "sections": [
            {
                "title": say(f"sheet.{section.key}", case.locale),
                "lines": [
                    {
                        "field": line.field,
                        "label": say(f"sheet.{line.label}", case.locale),
                        "value": line.value if full else line.masked,
                    }
                    for line in section.lines
                ],
            }
            for section in laid_out.sections
        ],
        "materials": [
            _paper_as_data(paper)
            for paper in paper_overview(case, filing_id, now, world, case.locale)
        ],
        "consents": [
            {
                "kind": one.kind,
                "granted": one.granted,
                "version": one.text_version,
                "sha256": one.text_hash,
                "at": one.at.isoformat(timespec="seconds"),
                "channel": one.channel,
            }
            for one in case.consents
        ],
    }


def _paper_as_data(paper: ListedPaper) -> dict[str, Any]:
    """One slot with all it ever got; pictures come with ``--materials`` only."""
    return {
        "slot": paper.slot,
        "label": paper.name,
        "state": paper.state.value if paper.state is not None else "not_needed",
        "pieces": [
            {
                "number": piece.number,
                "side": piece.material.side.value,
                "counts": piece.counts,
                "received_at": piece.material.at.isoformat(timespec="seconds"),
                "pixels": [piece.material.width, piece.material.height],
                "findings": [one.code for one in piece.findings],
                "accepted": piece.verdict.accepted if piece.verdict is not None else None,
                "deleted": piece.material.gone,
            }
            for piece in reversed(paper.pieces)
        ],
    }


def _printable(data: Mapping[str, Any]) -> str:
    """The sheet as a page to print; every value escaped."""
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True)
    text = (files("bot") / "templates" / "filing.html").read_text(encoding="utf-8")
    return environment.from_string(text).render(**data)
