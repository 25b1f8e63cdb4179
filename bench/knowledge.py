"""Finding answers: right ones among the articles, and how quickly among 100,000 entries.

The peers get the same texts as we do (titles, phrasings, answers) and the same questions. They
rank only: what is not ours, small talk and wishes for a person are beyond them.
"""

import random
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any

from bench.results import ROOT, Result
from bot.settings import Settings
from bot.world import load_world
from knowledge.answering import strangers
from knowledge.article import Article
from knowledge.common_words import common_words
from knowledge.evaluation import IN_SCOPE, Probe, read_probes
from knowledge.further import further_phrasings
from knowledge.reading import plain
from knowledge.search import Index, Situation

QUESTIONS = ROOT / "tests" / "questions" / "questions.jsonl"
ENTRIES = 100_000
_SEED = 20261126
_DEEP = 10  # places of a ranking that are looked at
_TEMPLATE_MARKS = str.maketrans("{}%'", "    ")

Ranking = Callable[[str, Situation], Sequence[str]]
Document = tuple[str, str]  # id, text


def knowledge(rounds: int) -> dict[str, Result]:
    """Quality on the question set, and time per question in a large index."""
    return {"knowledge_quality": _quality(), "knowledge_100k": _speed(rounds)}


def _quality() -> Result:
    """Recall@1 and mean reciprocal rank of Chinese questions in scope."""
    articles = _articles()
    probes = [one for one in read_probes(QUESTIONS) if one.sort in IN_SCOPE - {"english"}]
    further = further_phrasings("zh-CN")
    documents = [(one.id, _text(one, further.get(one.id, ()))) for one in articles]
    rankings: dict[str, Ranking] = {
        "ours": _ours(Index(articles, "zh-CN", strangers("zh-CN"), further)),
        "bm25s_jieba": _bm25s(documents),
        "fts5_trigram": _fts5(documents),
    }
    figures = {name: _figures(ranking, probes) for name, ranking in rankings.items()}
    held_out = [one for one in probes if one.holdout]
    return Result(
        unit="recall@1",
        ratios={
            name: figures["ours"]["recall"] / of["recall"]
            for name, of in figures.items()
            if name != "ours"
        },
        medians=figures,
        counts={"articles": len(articles), "questions": len(probes)},
        further={"held_out": {name: _figures(one, held_out) for name, one in rankings.items()}},
    )


def _speed(rounds: int) -> Result:
    """Milliseconds for a question among 100,000 entries, made of words people use."""
    articles = list(islice(_grown(_articles()), ENTRIES))
    documents = [(one.id, "\n".join(one.phrasings)) for one in articles]
    asked = [one.question for one in read_probes(QUESTIONS) if one.sort in IN_SCOPE - {"english"}]
    asked = random.Random(_SEED).sample(asked, 200)
    makers: dict[str, Callable[[], Ranking]] = {
        "ours": lambda: _ours(Index(articles, "zh-CN", strangers("zh-CN"))),
        "bm25s_jieba": lambda: _bm25s(documents),
        "fts5_trigram": lambda: _fts5(documents),
    }
    medians: dict[str, Any] = {}
    for name, make in makers.items():
        began = perf_counter()
        ranking = make()
        built = perf_counter() - began
        times = [_milliseconds(ranking, question) for _ in range(rounds) for question in asked]
        times.sort()
        medians[name] = {
            "ms": median(times),
            "ms_95": times[int(len(times) * 0.95)],
            "build_s": built,
        }
    return Result(
        unit="milliseconds a question",
        ratios={
            name: of["ms"] / medians["ours"]["ms"] for name, of in medians.items() if name != "ours"
        },
        medians=medians,
        counts={"entries": len(articles), "questions": len(asked), "rounds": rounds},
    )


def _milliseconds(ranking: Ranking, question: str) -> float:
    began = perf_counter()
    ranking(question, Situation())
    return (perf_counter() - began) * 1000


def _articles() -> tuple[Article, ...]:
    """The Chinese articles, those made for single provinces left out: names tell them apart."""
    found = load_world(Settings(_env_file=None)).knowledge.articles("zh-CN").values()
    return tuple(one for one in found if not one.only_if_named)


def _text(article: Article, further: Iterable[str]) -> str:
    body = article.body.translate(_TEMPLATE_MARKS)
    return "\n".join((*article.phrasings, *further, body))


def _grown(articles: Sequence[Article]) -> Iterable[Article]:
    """The articles and, without end, made-up ones in the same words and everyday ones."""
    yield from articles
    chance = random.Random(_SEED)
    words = sorted(common_words())
    asks = [phrasing for article in articles for phrasing in article.phrasings]
    number = 0
    while True:
        number += 1
        made = [chance.choice(words) + chance.choice(asks) + chance.choice(words) for _ in range(2)]
        yield replace(
            articles[0], id=f"made_{number}", title=made[0], ask=(made[1],), body="", related=()
        )


def _figures(ranking: Ranking, probes: Sequence[Probe]) -> Mapping[str, float]:
    ranks = []
    for probe in probes:
        found = ranking(probe.question, Situation(probe.province, probe.subject_kind))
        places = (at for at, one in enumerate(found, start=1) if one in probe.articles)
        ranks.append(next(places, 0))
    return {
        "recall": sum(rank == 1 for rank in ranks) / len(ranks),
        "mrr": sum(1 / rank for rank in ranks if rank) / len(ranks),
    }


def _ours(index: Index) -> Ranking:
    def rank(question: str, who: Situation) -> Sequence[str]:
        return index.ranking(question, who)[:_DEEP]

    return rank


def _bm25s(documents: Sequence[Document]) -> Ranking:
    """bm25s over the words that jieba finds."""
    import bm25s
    import jieba

    jieba.setLogLevel(60)
    retriever = bm25s.BM25()
    words = [[word for word in jieba.cut(plain(text)) if word.strip()] for _, text in documents]
    retriever.index(words, show_progress=False)
    ids = [name for name, _ in documents]

    def rank(question: str, who: Situation) -> Sequence[str]:
        asked = [word for word in jieba.cut(plain(question)) if word in retriever.vocab_dict]
        if not asked:
            return ()
        found, _ = retriever.retrieve([asked], k=_DEEP, show_progress=False)
        return [ids[number] for number in found[0]]

    return rank


def _fts5(documents: Sequence[Document]) -> Ranking:
    """SQLite's full-text search over groups of three characters."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entry USING fts5(id UNINDEXED, text, tokenize=trigram)")
    database.executemany(
        "INSERT INTO entry VALUES (?, ?)", ((name, plain(text)) for name, text in documents)
    )

    def rank(question: str, who: Situation) -> Sequence[str]:
        text = "".join(sign for sign in plain(question) if sign.isalnum())
        groups = dict.fromkeys(text[place : place + 3] for place in range(len(text) - 2))
        if not groups:
            return ()
        wanted = " OR ".join(f'"{group}"' for group in groups)
        rows = database.execute(
            "SELECT id FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT ?", (wanted, _DEEP)
        )
        return [str(row[0]) for row in rows]

    return rank
