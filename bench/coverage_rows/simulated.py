"""A simulated reader study whose true agreement and accuracy are known in closed form.

A node has the feature (and is malignant) with the cell's prevalence. Each reader calls it rightly with the same
probability, independently given the node; says one of three ordered categories; measures it; and scores it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from annotations.agreement.measurements import Measurements
from annotations.agreement.ratings import Ratings

Array = NDArray[np.float64]
YES_NO = ("absent", "present")
ORDERED = ("low", "medium", "high")
# Roe and Metz 1997: of a score's variance 1 the case has 0.3, reader x case 0.2, the rest is noise; and the readers
SHARED, OWN, NOISE, READERS = 0.3, 0.2, 0.5, 0.03
# a new one goes last
KINDS = ("truth", "binary", "ordered", "measured", "scores", "masks", "second arm", "unlike readers")
UNLIKE = 20.0  # readers who differ are right with a probability drawn from a Beta of this sum, whose mean is the cell's
DICE, MISSED = (18.0, 2.0), 0.03  # Beta of the overlap where a mask was drawn; share of masks that miss the node
DISTANCE = (0.0, 0.8)  # mean and spread of the logarithm of a distance


@dataclass(frozen=True)
class Cell:
    """readers, cases, prevalence of the feature and of malignancy, probability of being right."""

    readers: int
    cases: int
    prevalence: float
    right: float

    @cached_property
    def binary(self) -> Array:
        """Joint probabilities of two readers' calls."""
        share = np.array([1 - self.prevalence, self.prevalence])
        said = np.array([[self.right, 1 - self.right], [1 - self.right, self.right]])
        return np.einsum("t,ta,tb->ab", share, said, said)

    @cached_property
    def ordered(self) -> Array:
        """The same of three ordered categories."""
        return np.einsum("t,ta,tb->ab", self.levels, self.confusion, self.confusion)

    @property
    def levels(self) -> Array:
        """True share of each ordered category: the rare call is the highest (or, where it is frequent, the lowest)."""
        rest = 1 - self.prevalence
        return np.array([0.6 * rest, 0.4 * rest, self.prevalence])

    @property
    def confusion(self) -> Array:
        """What a reader says of each level: wrong by one step more often than by two."""
        wrong = 1 - self.right
        return np.array([
            [self.right, 0.8 * wrong, 0.2 * wrong],
            [0.5 * wrong, self.right, 0.5 * wrong],
            [0.2 * wrong, 0.8 * wrong, self.right],
        ])  # fmt: skip

    @property
    def spreads(self) -> tuple[float, float, float]:
        """Variances of a measurement: cases, readers, the rest; the ICC(2,1) is `right`."""
        return self.right, 0.2 * (1 - self.right), 0.8 * (1 - self.right)

    @property
    def shift(self) -> float:
        """How much higher the malignant score: the mean AUC of all readers is `right`."""
        return float(ndtri(self.right)) * math.sqrt(2 + 2 * READERS)

    def draw(self, rng: np.random.Generator) -> Simulated:
        return Simulated(self, rng)


class Simulated:
    """One study of a cell; what is not asked for is not drawn."""

    def __init__(self, cell: Cell, rng: np.random.Generator) -> None:
        self.cell = cell
        # one stream a kind of answer: a column added later leaves the others' numbers alone
        self._rngs = dict(zip(KINDS, rng.spawn(len(KINDS)), strict=True))
        self.truth = self._rngs["truth"].random(cell.cases) < cell.prevalence

    @cached_property
    def binary(self) -> Ratings:
        right = self._rngs["binary"].random((self.cell.readers, self.cell.cases)) < self.cell.right
        return Ratings((self.truth == right).astype(np.int8), YES_NO)

    @cached_property
    def unlike(self) -> Ratings:
        """By readers who are drawn anew in each study and differ in how often they are right."""
        rng, cell = self._rngs["unlike readers"], self.cell
        own = rng.beta(UNLIKE * cell.right, UNLIKE * (1 - cell.right), (cell.readers, 1))
        right = rng.random((cell.readers, cell.cases)) < own
        return Ratings((self.truth == right).astype(np.int8), YES_NO)

    @cached_property
    def twin_nodes(self) -> Ratings:
        """Every patient brings two nodes, which have the feature both or neither."""
        patients = self.truth[: self.cell.cases // 2].repeat(2)
        right = self._rngs["binary"].random((self.cell.readers, patients.size)) < self.cell.right
        return Ratings((patients == right).astype(np.int8), YES_NO)

    @cached_property
    def ordered(self) -> Ratings:
        rng, cell = self._rngs["ordered"], self.cell
        level = rng.choice(3, size=cell.cases, p=cell.levels)
        below = cell.confusion.cumsum(axis=1)[level]
        said = (rng.random((cell.readers, cell.cases))[..., None] > below[:, :2]).sum(axis=-1)
        return Ratings(said.astype(np.int8), ORDERED)

    @cached_property
    def _measured(self) -> tuple[Array, Array]:
        rng, (cases, readers, rest) = self._rngs["measured"], (math.sqrt(x) for x in self.cell.spreads)
        noise = rng.normal(0, rest, (self.cell.readers, self.cell.cases)) + rng.normal(0, cases, self.cell.cases)
        return noise, rng.normal(0, readers, (self.cell.readers, 1))

    @property
    def measured(self) -> Measurements:
        """By readers who are drawn anew in each study."""
        noise, readers = self._measured
        return Measurements(noise + readers)

    @property
    def measured_by_two(self) -> Measurements:
        """By two fixed readers: the second is larger by the spread that readers have."""
        noise, _readers = self._measured
        return Measurements(noise[:2] + np.array([[0.0], [math.sqrt(2 * self.cell.spreads[1])]]))

    @cached_property
    def scored(self) -> tuple[Array, Array]:
        """Scores, readers x cases, and each reader's own shift of the healthy and of the diseased [2, readers]."""
        rng, (readers, cases) = self._rngs["scores"], (self.cell.readers, self.cell.cases)
        own = rng.normal(0, math.sqrt(READERS), (2, readers))
        shared = rng.normal(0, math.sqrt(SHARED), cases)
        noise = rng.normal(0, math.sqrt(OWN + NOISE), (readers, cases))
        moved = np.where(self.truth, own[1][:, None] + self.cell.shift, own[0][:, None])
        self._noise = noise
        return shared + noise + moved, own

    @property
    def scored_in_two_arms(self) -> Array:
        """Arms x readers x cases: the same readers no better in the second arm; what is not noise, they share."""
        first, rng = self.scored[0], self._rngs["second arm"]
        again = rng.normal(0, math.sqrt(NOISE), first.shape) + math.sqrt(OWN / (OWN + NOISE)) * self._noise
        return np.stack([first, first - self._noise + again])

    @property
    def aucs(self) -> Array:
        """The true AUC of each reader of this study."""
        own = self.scored[1]
        return np.asarray(ndtr((self.cell.shift + own[1] - own[0]) / math.sqrt(2)))

    @property
    def calls(self) -> Array:
        """Malignant where the score lies in the upper half between the two means."""
        return (self.scored[0] > self.cell.shift / 2).astype(np.float64)

    @property
    def sensitivities(self) -> Array:
        """True, of each reader of this study."""
        return np.asarray(ndtr(self.cell.shift / 2 + self.scored[1][1]))

    @property
    def specificities(self) -> Array:
        return np.asarray(ndtr(self.cell.shift / 2 - self.scored[1][0]))

    @cached_property
    def dice(self) -> list[float | None]:
        rng, cases = self._rngs["masks"], self.cell.cases
        return list(np.where(rng.random(cases) < MISSED, 0.0, rng.beta(*DICE, cases)).tolist())

    @cached_property
    def distances(self) -> list[float | None]:
        return list(self._rngs["masks"].lognormal(*DISTANCE, self.cell.cases).tolist())
