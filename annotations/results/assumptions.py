"""What the statistics assume, listed for the translators: the registry itself knows no Django.

tests/test_languages.py holds the list to the registry; pages show `gettext(statistic.assumes)`.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

ASSUMPTIONS = (
    gettext_noop("any number of readers, cases independent, readings missing at random"),
    gettext_noop(
        "any number of readers, cases independent, readings missing at random; an order that gives the weights"
    ),
    gettext_noop(
        "any number of readers, cases independent, readings missing at random; chance uniform "
        "over the declared categories"
    ),
    gettext_noop("any number of readers, cases independent, readings missing at random; readers exchangeable"),
    gettext_noop("any number of readers, cases independent, readings missing at random; the same readers throughout"),
    gettext_noop("any number of readers, exchangeable; cases independent"),
    gettext_noop("any number of readers, exchangeable; cases independent; readings missing at random"),
    gettext_noop("any number of readers, the same throughout; cases independent"),
    gettext_noop("at least three readers, cases independent"),
    gettext_noop("binormal scores of equal spread; Wald interval"),
    gettext_noop(
        "binormal scores of equal spread; the correlation of the two estimated AUCs is known "
        "(0 when the cases are different ones)"
    ),
    gettext_noop("binormal scores of equal spread; two-sided test"),
    gettext_noop("both kappas on the same cases, which are independent; cases rated in all four columns"),
    gettext_noop("both masks are of the same image; cases (or patients) are independent"),
    gettext_noop("both scores of the same independent cases; cases with both scores are used"),
    gettext_noop("both tests called the same independent cases"),
    gettext_noop("both tests called the same independent cases, drawn at their natural prevalence"),
    gettext_noop("cases independent"),
    gettext_noop("cases independent; each pair over the cases that both rated"),
    gettext_noop("each reader measured the cases twice; the cases are complete for each reader alone"),
    gettext_noop("each reader read the cases twice, the second time without memory of the first; cases independent"),
    gettext_noop("every reader reads every case in every arm"),
    gettext_noop("every reader reads the same cases in every arm, or the design is nested (seen from what is missing)"),
    gettext_noop("every reader reads the same cases, or a sample of them that does not depend on the answers"),
    gettext_noop("given the hidden true mask, readers err independently, each alike in all pixels"),
    gettext_noop("groups of different, independent cases; enough cases for a normal kappa in each"),
    gettext_noop("independent cases; the share assumed is the true one"),
    gettext_noop("independent observations, one per case"),
    gettext_noop("normal case, reader and error effects; complete cases; ICC(2,.) readers drawn from a population"),
    gettext_noop("normal differences of known mean and spread"),
    gettext_noop("one call per case, independent cases, pathology known without error"),
    gettext_noop(
        "one call per case, independent cases, pathology known without error; the prevalence "
        "is known, sensitivity and specificity carry over to it"
    ),
    gettext_noop("one error variance over the range, unrelated to the size of the measurement"),
    gettext_noop("one error variance over the range; complete cases"),
    gettext_noop("one mask a case; all spacings are known, or none is"),
    gettext_noop("one predicted probability per independent case"),
    gettext_noop("one score per case, higher = more diseased; independent cases"),
    gettext_noop("one score per case, higher = more diseased; independent cases; pathology known without error"),
    gettext_noop("one-way random effects, normal measurements"),
    gettext_noop("patients are independent, their cases need not be"),
    gettext_noop("patients are independent, their cases need not be; higher = more diseased"),
    gettext_noop("ratings cut two normal distributions at common thresholds; independent cases"),
    gettext_noop(
        "readers and cases are random samples; any pattern of missing readings that does not depend on the scores"
    ),
    gettext_noop("readers count alike"),
    gettext_noop("strata independent, the same quantity in each"),
    gettext_noop("the same readers throughout; complete cases; chi-square approximation of the test"),
    gettext_noop("the same readers throughout; complete cases; many informative cases"),
    gettext_noop("the study repeats the pilot: same difference, variance and ratio of controls"),
    gettext_noop("the true value of a case is constant; replicates of the two methods are not paired"),
    gettext_noop("the true value of a case varies; replicates of the two methods are paired in time"),
    gettext_noop("two arms, fully crossed; binormal scores; correlations conjectured"),
    gettext_noop("two arms, fully crossed; components of pseudovalues"),
    gettext_noop("two arms, fully crossed; the pilot's components hold for the study planned"),
    gettext_noop("two interchangeable readers, two categories, prevalence known"),
    gettext_noop("two readers whose margins are taken as given"),
    gettext_noop("two readers with one common margin, cases independent"),
    gettext_noop("two readers, cases independent"),
    gettext_noop("two readers, cases independent, an order (or scores) that gives the weights"),
    gettext_noop("two readers, cases independent, bivariate normal for the interval"),
    gettext_noop("two readers, cases independent, categories without order"),
    gettext_noop(
        "two readers, cases independent, differences normal and unrelated to the size (see proportional bias)"
    ),
    gettext_noop("two readers, two categories, cases independent"),
    gettext_noop("two readers, two categories, positive rates known"),
    gettext_noop("two readers, two categories; with more it is Brennan-Prediger"),
    gettext_noop("two readings by one reader or method with no mean difference"),
    gettext_noop("two samples of independent cases"),
)
