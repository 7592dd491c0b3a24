"""STAPLE: the mask that best explains the readers' masks, and how right each reader is by it.

Warfield, Zou and Wells, IEEE Trans Med Imaging 23:903 (2004), doi:10.1109/TMI.2004.828354. Computed on the
distinct patterns of votes, many images side by side. The prior is the share of foreground in all decisions,
as in ITK: it and the specificities depend on how much background the image shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.registry import statistic
from annotations.agreement.votes import Votes

Floats = NDArray[np.float64]

START = 0.99999  # of every sensitivity and specificity, as in ITK
STEP = 1e-9  # where no sensitivity and no specificity moves further than this, the fixed point is reached
MOST_ITERATIONS = 2_000
_LEAST = 1e-300  # keeps logarithms finite; a probability of 0 or 1 is reported as such

NO_FOREGROUND = "no reader marked a pixel: the prior is 0 and every sensitivity 0/0"
NO_BACKGROUND = "every reader marked every pixel: the prior is 1 and every specificity 0/0"
ALL_OUTSIDE = "no pixel is estimated to lie inside: every sensitivity is 0/0"
ALL_INSIDE = "no pixel is estimated to lie outside: every specificity is 0/0"


@dataclass(frozen=True, slots=True, eq=False)
class Staple:
    """The consensus of one image, or in `undefined` why there is none (then the arrays are empty).

    sensitivity, specificity   [readers]
    prior                      share of all decisions that are foreground
    posterior                  [patterns] probability that a pixel with this pattern of votes lies inside
    converged                  False where MOST_ITERATIONS were not enough
    """

    cast: Votes
    prior: float
    sensitivity: Floats
    specificity: Floats
    posterior: Floats
    iterations: int
    converged: bool
    undefined: str | None = None

    def posterior_image(self) -> Floats:
        """Probability of lying inside, [height, width]; there must be a consensus."""
        image: Floats = self.cast.paint(self.posterior)
        return image

    def mask(self) -> NDArray[np.bool_]:
        """Where that probability is at least one half; without a consensus what all readers agreed on."""
        if self.undefined is not None:
            return np.full(self.cast.shape, self.undefined == NO_BACKGROUND)
        image: NDArray[np.bool_] = self.cast.paint(self.posterior >= 0.5)
        return image


@statistic(
    "STAPLE consensus",
    suits=("mask",),
    assumes="given the hidden true mask, readers err independently, each alike in all pixels",
    undefined_when="no reader marked a pixel, or every reader every pixel",
    reference="Warfield, Zou, Wells, IEEE Trans Med Imaging 23:903 (2004)",
    doi="10.1109/TMI.2004.828354",
)
def staple(cast: Votes) -> Staple:
    """The consensus of one image."""
    return staple_many([cast])[0]


def staple_many(images: Sequence[Votes]) -> list[Staple]:
    """The consensus of each image; the same, bit for bit, as of each alone."""
    found: dict[int, Staple] = {}
    groups: dict[int, list[int]] = defaultdict(list)
    for index, cast in enumerate(images):
        prior = float(cast.patterns.sum(axis=1) @ cast.pixels) / (cast.readers * int(cast.pixels.sum()))
        if 0.0 < prior < 1.0:
            groups[cast.readers].append(index)
        else:
            found[index] = _without(cast, prior, NO_FOREGROUND if prior == 0.0 else NO_BACKGROUND)
    for members in groups.values():
        found.update(zip(members, _Expectation([images[index] for index in members]).maximise()))
    return [found[index] for index in range(len(images))]


def _without(cast: Votes, prior: float, reason: str, iterations: int = 0) -> Staple:
    nothing = np.zeros(0)
    return Staple(cast, prior, nothing, nothing, nothing, iterations, True, reason)


class _Expectation:
    """EM on the patterns of many images with the same number of readers, laid one behind the other."""

    def __init__(self, images: Sequence[Votes]) -> None:
        self.images = images
        self.sizes = np.array([cast.pixels.size for cast in images])
        self.starts = np.concatenate(([0], np.cumsum(self.sizes)[:-1]))
        self.marked = np.concatenate([cast.patterns for cast in images]).T.astype(np.float64)
        self.pixels = np.concatenate([cast.pixels for cast in images]).astype(np.float64)
        everything = np.add.reduceat(self.pixels, self.starts)
        ones = np.add.reduceat(self.marked * self.pixels, self.starts, axis=1).sum(axis=0)
        self.prior = ones / (everything * len(self.marked))

    def maximise(self) -> list[Staple]:
        """Iterate until every image stands still; an image that does so is not moved any more."""
        images = len(self.images)
        sensitivity = np.full((len(self.marked), images), START)
        specificity = sensitivity.copy()
        iterations = np.zeros(images, np.int64)
        moves = np.ones(images, np.bool_)
        part, members = self, np.arange(images)
        for _ in range(MOST_ITERATIONS):
            before = sensitivity[:, members], specificity[:, members]
            after = part.step(*before)
            still = moves[members]  # members that stand still are only carried along
            moving = members[still]
            sensitivity[:, moving], specificity[:, moving] = (figures[:, still] for figures in after)
            iterations[moving] += 1
            moves[members] &= np.maximum(*(np.abs(x - y) for x, y in zip(after, before))).max(axis=0) > STEP
            left = np.flatnonzero(moves)
            if left.size == 0:
                break
            if left.size < 0.8 * members.size:  # laying the rest out anew costs about as much as a round
                part, members = _Expectation([self.images[index] for index in left.tolist()]), left
        posterior = np.split(self.posterior(sensitivity, specificity), self.starts[1:])
        return [
            _result(
                cast,
                float(self.prior[i]),
                sensitivity[:, i],
                specificity[:, i],
                posterior[i],
                iterations[i],
                not moves[i],
            )
            for i, cast in enumerate(self.images)
        ]

    def step(self, sensitivity: Floats, specificity: Floats) -> tuple[Floats, Floats]:
        """One round: how likely each pattern lies inside, and how right each reader then was."""
        inside = self.posterior(sensitivity, specificity) * self.pixels
        outside = self.pixels - inside
        hits = np.add.reduceat(self.marked * inside, self.starts, axis=1)
        alarms = np.add.reduceat(self.marked * outside, self.starts, axis=1)
        within, without = np.add.reduceat(inside, self.starts), np.add.reduceat(outside, self.starts)
        found = np.divide(hits, within, out=np.zeros_like(hits), where=within > 0)
        false = np.divide(alarms, without, out=np.ones_like(alarms), where=without > 0)
        return found, 1.0 - false

    def posterior(self, sensitivity: Floats, specificity: Floats) -> Floats:
        """Probability of each pattern to lie inside, by its log odds: many readers must not underflow."""
        p, q = (np.clip(x, _LEAST, 1.0) for x in (sensitivity, specificity))
        not_p, not_q = (np.clip(1.0 - x, _LEAST, 1.0) for x in (sensitivity, specificity))
        odds = np.log(self.prior / (1.0 - self.prior)) + np.log(not_p / q).sum(axis=0)
        weight = np.log(p) - np.log(not_p) + np.log(q) - np.log(not_q)
        logit = np.repeat(odds, self.sizes)
        for reader, marked in enumerate(self.marked):  # reader by reader: the order of a sum is part of the result
            logit += np.repeat(weight[reader], self.sizes) * marked
        with np.errstate(over="ignore"):
            posterior: Floats = 1.0 / (1.0 + np.exp(-logit))
        return posterior


def _result(
    cast: Votes,
    prior: float,
    sensitivity: Floats,
    specificity: Floats,
    posterior: Floats,
    iterations: int,
    stopped: bool,
) -> Staple:
    inside = float(posterior @ cast.pixels)
    if inside == 0.0:
        return _without(cast, prior, ALL_OUTSIDE, int(iterations))
    if inside == float(cast.pixels.sum()):
        return _without(cast, prior, ALL_INSIDE, int(iterations))
    return Staple(cast, prior, sensitivity, specificity, posterior, int(iterations), bool(stopped))
