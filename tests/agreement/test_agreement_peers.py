"""Random data through the packages that others use, where these are right (oracles/agreement.md says where not)."""

import doctest
from importlib import import_module

import numpy as np
import pytest

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.icc import icc_forms
from annotations.agreement.kappa import cohen_kappa, weighted_kappa
from annotations.agreement.many_readers import fleiss_kappa
from annotations.agreement.paired_tests import bhapkar, cochran_q, mcnemar, stuart_maxwell
from annotations.agreement.ratings import Ratings
from annotations.agreement.tables import all_pair_tables, pair_table

SEEDS = range(5)


def random_ratings(seed, readers=4, cases=60, categories=4, missing=0.0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, categories, cases)
    codes = np.where(rng.random((readers, cases)) < 0.5, truth, rng.integers(0, categories, (readers, cases)))
    return Ratings(np.where(rng.random(codes.shape) < missing, -1, codes), tuple(range(1, categories + 1)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorff(seed, metric):
    krippendorff = pytest.importorskip("krippendorff")
    data = random_ratings(seed, missing=0.2)
    values = np.where(data.codes < 0, np.nan, data.codes + 1.0)

    peer = krippendorff.alpha(values, level_of_measurement=metric, value_domain=[1, 2, 3, 4])

    assert krippendorff_alpha(data, metric=metric).value == pytest.approx(peer, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_scikit_learn_and_statsmodels_kappa(seed, weights):
    metrics = pytest.importorskip("sklearn.metrics")
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    data = random_ratings(seed, readers=2)
    first, second = data.codes
    power = {"linear": 1, "quadratic": 2}[weights]

    found = weighted_kappa(data, weights=weights)

    assert found.value == pytest.approx(
        metrics.cohen_kappa_score(first, second, labels=[0, 1, 2, 3], weights=weights), abs=1e-12
    )
    steps = np.abs(np.arange(4)[:, None] - np.arange(4)[None, :]) ** power
    peer = inter_rater.cohens_kappa(pair_table(data).table, weights=steps.astype(float))
    assert found.se == pytest.approx(peer.std_kappa, abs=1e-12)
    plain = inter_rater.cohens_kappa(pair_table(data).table)
    assert cohen_kappa(data).se == pytest.approx(plain.std_kappa, abs=1e-12)
    assert cohen_kappa(data).extra["se0"] == pytest.approx(plain.std_kappa0, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_statsmodels_fleiss_and_tests_of_tables(seed):
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    data = random_ratings(seed)
    assert fleiss_kappa(data).value == pytest.approx(inter_rater.fleiss_kappa(data.case_counts().T.astype(float)))

    pair = data.of_readers(0, 1)
    square = tables.SquareTable(pair_table(pair).table, shift_zeros=False)
    assert stuart_maxwell(pair).value == pytest.approx(square.homogeneity().statistic)
    assert bhapkar(pair).value == pytest.approx(square.homogeneity(method="bhapkar").statistic)

    binary = random_ratings(seed, categories=2)
    assert cochran_q(binary).value == pytest.approx(tables.cochrans_q(binary.codes.T).statistic)
    two = binary.of_readers(0, 1)
    exact = tables.mcnemar(pair_table(two).table, exact=True)
    assert mcnemar(two, method="exact").p == pytest.approx(exact.pvalue)


@pytest.mark.parametrize("seed", SEEDS)
def test_pingouin_icc(seed):
    pingouin = pytest.importorskip("pingouin")
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(seed)
    values = rng.normal(size=20) * 2 + rng.normal(size=(4, 20)) + rng.normal(size=(4, 1))
    readers, cases = np.indices(values.shape)
    frame = pandas.DataFrame({"reader": readers.ravel(), "case": cases.ravel(), "value": values.ravel()})

    peer = pingouin.intraclass_corr(frame, targets="case", raters="reader", ratings="value")

    ours = list(icc_forms(values).values())
    assert [estimate.value for estimate in ours] == pytest.approx(peer["ICC"].tolist(), abs=1e-9)
    assert [estimate.p for estimate in ours] == pytest.approx(peer.filter(like="p").iloc[:, -1].tolist(), abs=1e-9)


def test_tables_of_all_pairs_are_those_of_each_pair():
    """130 cases: the last word of 64 is filled with nobody."""
    data = random_ratings(1, readers=5, cases=130, missing=0.1)

    pairs, tables = all_pair_tables(data)

    for pair, table in zip(pairs, tables, strict=True):
        np.testing.assert_array_equal(table, pair_table(data.of_readers(*pair)).table)


@pytest.mark.parametrize("module", ["kappa", "icc"])
def test_published_numbers_in_the_docstrings(module):
    found = doctest.testmod(import_module(f"annotations.agreement.{module}"))

    assert found.attempted > 0
    assert found.failed == 0
