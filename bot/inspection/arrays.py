"""The arrays that pictures are measured in, and the few operations on them that numpy lacks."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]


def averaged(values: Floats, reach: int) -> Floats:
    """Each value replaced by the mean of the square around it, ``reach`` to each side.

    The edge counts as going on beyond the array.
    """
    side = 2 * reach + 1
    padded = np.pad(values.astype(np.float64), reach + 1, mode="edge")[:-1, :-1]
    total = padded.cumsum(0).cumsum(1)
    window = (
        total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]
    )
    return np.asarray(window / side**2, np.float32)


def smoothed(values: Floats, reach: int) -> Floats:
    """Averaged three times, which comes close to a Gaussian of sigma ``reach``."""
    for _ in range(3):
        values = averaged(values, reach)
    return values


def grown(mask: Mask, reach: int) -> Mask:
    """The mask with everything nearer than ``reach`` to it."""
    return averaged(mask.astype(np.float32), reach) > 1e-6


def shrunk(mask: Mask, reach: int) -> Mask:
    """The mask without what is nearer than ``reach`` to its edge; the array's edge is none."""
    return averaged(mask.astype(np.float32), reach) > 1 - 1e-6


def reached(mask: Mask, seeds: Mask) -> Mask:
    """The parts of a mask that hang together with a seed."""
    found = mask & seeds
    while True:
        before = int(found.sum())
        for turned, allowed in ((found, mask), (found.T, mask.T)):
            for lines in (range(1, len(turned)), range(len(turned) - 2, -1, -1)):
                step = 1 if lines.step == 1 else -1
                for line in lines:
                    turned[line] |= turned[line - step] & allowed[line]
        if int(found.sum()) == before:
            return found


def largest_part(mask: Mask) -> Mask:
    """The part of a mask in which it is densest."""
    if not mask.any():
        return mask
    dense = averaged(mask.astype(np.float32), max(2, min(mask.shape) // 10))
    dense[~mask] = 0
    seeds = np.zeros_like(mask)
    seeds[np.unravel_index(int(dense.argmax()), dense.shape)] = True
    return reached(mask, seeds)


def without_holes(mask: Mask) -> Mask:
    """The mask with everything it encloses."""
    rim = np.zeros_like(mask)
    rim[[0, -1], :] = True
    rim[:, [0, -1]] = True
    return ~reached(~mask, rim)
