"""The kinds of patient that limits tell apart, and who somebody of unknown age, sex or pregnancy may be."""

import itertools
import math

import numpy as np
import pytest

from b12labs import read_panel
from b12labs.limits.strata import PREGNANCIES, PREGNANCY_UNKNOWN, PREGNANT, SEXES, Strata
from b12labs.limits.stratified import Limits, limits_of
from b12labs.logic.scalars import ANYTHING
from b12labs.reference import guideline, guideline_keys

#: Children, adults, and older people; an unknown age is an adult's.
STRATA = Strata((0.0, 18.0, 65.0), 18.0)
CHILD, ADULT, OLDER = range(3)
FEMALE, MALE, SEX_UNKNOWN = (SEXES.index(sex) for sex in ("female", "male", None))
NOT_PREGNANT, SECOND_TRIMESTER = PREGNANCIES.index("none"), PREGNANCIES.index("second")


@pytest.mark.parametrize(
    ("low", "high", "band"),
    [
        (0, 0, CHILD),
        (17.99, 17.99, CHILD),
        (18, 18, ADULT),
        (64.99, 64.99, ADULT),
        (65, 65, OLDER),
        (120, 120, OLDER),
        (70, 80, OLDER),
        (18, 65, STRATA.unknown_age),
        (40, 70, STRATA.unknown_age),
        (17, 18, STRATA.any_age),
        (17, 70, STRATA.any_age),
    ],
)
def test_an_age_belongs_to_one_band_or_to_all_that_its_interval_spans(low, high, band):
    assert STRATA.band(low, high) == band


def test_the_places_of_what_is_known_of_pregnancy_are_those_of_a_panel():
    given = ({"pregnant": "no"}, {"trimester": 1}, {"trimester": 2}, {"trimester": 3}, {"pregnant": "yes"})
    assert [read_panel(each).pregnancy for each in given] == [0, 1, 2, 3, PREGNANT]
    assert people(ADULT, FEMALE, PREGNANT) | {(ADULT, "female", "none")} == people(ADULT, FEMALE, PREGNANT + 1)
    assert PREGNANCY_UNKNOWN == PREGNANT + 1


def people(band, sex, pregnancy):
    return set(STRATA.cells(STRATA.number(band, sex, pregnancy)))


WOMAN = {(ADULT, "female", state) for state in PREGNANCIES}


@pytest.mark.parametrize(
    ("band", "sex", "pregnancy", "who"),
    [
        (ADULT, FEMALE, NOT_PREGNANT, {(ADULT, "female", "none")}),
        (ADULT, FEMALE, SECOND_TRIMESTER, {(ADULT, "female", "second")}),
        (ADULT, FEMALE, PREGNANT, WOMAN - {(ADULT, "female", "none")}),
        (ADULT, FEMALE, PREGNANCY_UNKNOWN, WOMAN),
        (ADULT, MALE, PREGNANCY_UNKNOWN, {(ADULT, "male", "none")}),
        (ADULT, MALE, PREGNANT, set()),
        (ADULT, SEX_UNKNOWN, NOT_PREGNANT, {(ADULT, "female", "none"), (ADULT, "male", "none")}),
        (ADULT, SEX_UNKNOWN, PREGNANCY_UNKNOWN, WOMAN | {(ADULT, "male", "none")}),
        (STRATA.unknown_age, MALE, NOT_PREGNANT, {(ADULT, "male", "none"), (OLDER, "male", "none")}),
        (STRATA.any_age, MALE, NOT_PREGNANT, {(band, "male", "none") for band in (CHILD, ADULT, OLDER)}),
    ],
)
def test_who_a_patient_may_be(band, sex, pregnancy, who):
    assert people(band, sex, pregnancy) == who


def test_nobody_of_unknown_age_is_a_child_where_all_adults_are_one_band():
    strata = Strata((0.0, 18.0), 18.0)
    assert strata.cells(strata.number(strata.unknown_age, MALE, NOT_PREGNANT)) == ((1, "male", "none"),)


def test_every_kind_of_patient_has_a_number_of_its_own():
    kinds = list(itertools.product(range(5), range(3), range(6)))
    assert sorted(STRATA.number(*kind) for kind in kinds) == list(range(STRATA.count))
    columns = STRATA.number(*(np.array(column) for column in zip(*kinds, strict=True)))
    assert columns.tolist() == [STRATA.number(*kind) for kind in kinds]


@pytest.mark.parametrize("key", guideline_keys())
def test_the_age_bands_of_every_guideline_begin_at_birth_and_an_unknown_age_is_an_adult_s(key):
    limits = limits_of(key)
    assert limits.strata.edges[0] == 0
    assert limits.strata.band(0, 0) == 0
    assert limits.youngest == limits.strata.min_age == 18
    assert limits.strata.band(90, math.inf) == limits.strata.band(90, 90) == len(limits.strata.edges) - 1


@pytest.mark.parametrize(("min_age", "youngest"), [(0, 0), (0.5, 18), (16, 18), (18, 18), (21, 21)])
def test_somebody_of_unknown_age_is_an_adult_unless_the_guideline_is_for_all_ages(min_age, youngest):
    own = guideline("nice-ng239")
    population = own.population.model_copy(update={"min_age": min_age})
    limits = Limits(own.model_copy(update={"population": population}))
    assert limits.youngest == youngest
    assert limits["adult_age"].at(0, substance=False) == (min_age, min_age)
    assert not limits["adult_age"].laboratory_decides


def test_a_limit_that_no_profile_gives_may_be_anything_and_is_not_the_laboratory_s():
    alone = guideline("nice-ng239").model_copy(update={"uses": (), "limits": {}, "laboratory_decides": ()})
    limit = Limits(alone)["b12_deficient"]
    assert not limit.laboratory_decides
    assert limit.at(0, substance=False) == ANYTHING


@pytest.mark.parametrize(("sex", "apply"), [(FEMALE, {"female"}), (MALE, {"male"}), (SEX_UNKNOWN, {"female", "male"})])
def test_the_limits_of_women_and_of_men_may_apply_to_somebody_of_unknown_sex(sex, apply):
    limits = limits_of("nice-ng239")
    stratum = limits.strata.number(limits.strata.unknown_age, sex, NOT_PREGNANT)
    assert {row.sex for _, row in limits.rows("hemoglobin_low", stratum)} == apply
