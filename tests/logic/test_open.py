"""What is open of a rule: the outcomes still possible, what to ask for next, and what could overturn."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.logic.columns.running import packed, unpacked
from b12labs.logic.language import Case, Otherwise, Verdict, at_least, certain, limit, measured, reported
from b12labs.logic.open import open_comparisons, open_defeaters, outcomes, possible_outcomes, single_outcome
from b12labs.logic.program import Program
from tests.logic.patients import ANYTHING, FALSE, HIGH, LOW, TRUE, UNKNOWN, VEGAN, Patient
from tests.logic.rows import Rows

# Verdicts


#: More cases than a byte has bits; two of them come to the same.
TERMS = [reported(f"term {place}") for place in range(10)]
MANY = Verdict(
    "many",
    tuple(Case("other" if place == 4 else f"case {place % 9}", term, "") for place, term in enumerate(TERMS)),
    Otherwise("none", ""),
)


def possible(**known):
    return outcomes(MANY, Program([MANY]).run(Patient(**{f"term {name[1:]}": truth for name, truth in known.items()})))


ALL_ABSENT = {f"t{place}": FALSE for place in range(10)}


@pytest.mark.parametrize(
    ("known", "bits", "said", "at_least"),
    [
        (ALL_ABSENT, 1 << 10, "none", "none"),
        (ALL_ABSENT | {"t0": TRUE}, 1, "case 0", "case 0"),
        (ALL_ABSENT | {"t8": TRUE}, 1 << 8, "case 8", "case 8"),
        (ALL_ABSENT | {"t9": TRUE}, 1 << 9, "case 0", "case 0"),
        (ALL_ABSENT | {"t0": UNKNOWN, "t9": TRUE}, 1 | 1 << 9, "case 0", "case 0"),
        (ALL_ABSENT | {"t1": UNKNOWN, "t9": TRUE}, 1 << 1 | 1 << 9, None, "case 0"),
        (ALL_ABSENT | {"t4": UNKNOWN}, 1 << 4 | 1 << 10, None, "none"),
        (ALL_ABSENT | {"t3": TRUE, "t5": TRUE}, 1 << 3, "case 3", "case 3"),
        (ALL_ABSENT | {"t3": UNKNOWN, "t5": TRUE, "t6": UNKNOWN}, 1 << 3 | 1 << 5, None, "case 5"),
    ],
)
def test_a_verdict_is_the_first_case_that_holds_and_every_earlier_one_that_may(known, bits, said, at_least):
    assert possible(**known) == bits
    assert single_outcome(MANY, bits) == said
    assert single_outcome(MANY, bits, at_least=True) == at_least


@given(st.lists(st.lists(st.sampled_from([FALSE, UNKNOWN, TRUE]), min_size=10, max_size=10), min_size=1, max_size=5))
def test_a_column_of_verdicts_is_that_of_every_row(rows):
    patients = Rows([Patient(**{f"term {place}": truth for place, truth in enumerate(row)}) for row in rows])
    planes = possible_outcomes(MANY, Program([MANY]).run(patients))
    bits = unpacked(packed(patients.primitives.tape, planes, len(rows)), len(rows)).astype(int)
    found = sum(line << place for place, line in enumerate(bits))
    one_by_one = [possible(**{f"t{place}": truth for place, truth in enumerate(row)}) for row in rows]
    assert found.tolist() == one_by_one


# What is open


RAISED_HCY = measured.homocysteine > limit.mma_raised
ASKED = [
    (LOW, {}, ["b12"]),
    (LOW, {"b12": (100.0, 100.0)}, []),
    (LOW | HIGH, {}, ["b12", "mma"]),
    (LOW | HIGH, {"b12": (100.0, 100.0)}, []),
    (LOW | HIGH, {"b12": (300.0, 300.0)}, ["mma"]),
    (LOW & HIGH, {}, ["b12"]),
    (LOW & HIGH, {"b12": (100.0, 100.0)}, ["mma"]),
    (LOW & HIGH, {"b12": (300.0, 300.0)}, []),
    (~(LOW & HIGH & RAISED_HCY), {"b12": (100.0, 100.0)}, ["mma"]),
    ((LOW & HIGH) | RAISED_HCY, {}, ["b12", "homocysteine"]),
    (at_least(2, LOW, HIGH, RAISED_HCY), {"b12": (100.0, 100.0)}, ["homocysteine", "mma"]),
    (LOW & ~certain(HIGH), {"b12": (100.0, 100.0)}, []),
    (VEGAN & LOW, {}, ["vegan_diet"]),
    (VEGAN & LOW, {"vegan_diet": TRUE}, ["b12"]),
]


def names(leaves):
    return sorted(leaf.name if leaf.children == () else leaf.left.key for leaf, _ in leaves)


@pytest.mark.parametrize(("rule", "known", "asked"), ASKED)
def test_of_several_open_parts_that_must_all_hold_the_first_is_asked_for(rule, known, asked):
    assert names(open_comparisons(rule, Program([rule]).run(Patient(**known)))) == asked


SHARED = (HIGH & LOW) | (VEGAN & LOW)
#: Every way in which two results and a term can be known.
KNOWN = list(
    itertools.product([ANYTHING, (100.0, 100.0), (300.0, 300.0)], [ANYTHING, (0.1, 0.1), (1.0, 1.0)], [0, 1, 2])
)


@pytest.mark.parametrize("rule", [rule for rule, _, _ in ASKED] + [SHARED])
def test_what_is_asked_for_in_a_column_is_what_is_asked_for_in_every_row(rule):
    patients = [Patient(b12=b12, mma=mma, homocysteine=mma, vegan_diet=diet) for b12, mma, diet in KNOWN]
    inputs = Rows(patients)
    asked = list(open_comparisons(rule, run(rule, inputs)))
    lines = unpacked(packed(inputs.primitives.tape, [where for _, where in asked], len(KNOWN)), len(KNOWN))
    found = [(leaf, line) for (leaf, _), line in zip(asked, lines, strict=True)]
    for place, one in enumerate(patients):
        of_row = [leaf for leaf, where in found if where[place]]
        assert of_row == [leaf for leaf, _ in open_comparisons(rule, run(rule, one))]


def run(rule, inputs):
    return Program([rule]).run(inputs)


def test_a_question_that_is_not_asked_opens_nothing():
    assert names(open_comparisons(LOW, Program([LOW]).run(Patient()), asked=False)) == []


URGENT = Verdict("urgent", (Case("now", LOW & HIGH, ""), Case("soon", RAISED_HCY, "")), Otherwise("later", ""))


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({}, ["b12", "homocysteine"]),
        ({"b12": (100.0, 100.0), "mma": (1.0, 1.0)}, []),
        ({"b12": (100.0, 100.0), "homocysteine": (1.0, 1.0)}, ["mma"]),
        ({"b12": (300.0, 300.0)}, ["homocysteine"]),
    ],
)
def test_a_case_matters_where_no_earlier_one_holds(known, asked):
    assert names(open_comparisons(URGENT, Program([URGENT]).run(Patient(**known)))) == asked


NOT = Otherwise("not", "")
DEFEATED = LOW & ~certain(HIGH, "a raised MMA") & ~certain(RAISED_HCY, "a raised homocysteine")


@pytest.mark.parametrize(
    ("rule", "known", "listed"),
    [
        (DEFEATED, {"b12": (100.0, 100.0)}, ["a raised MMA", "a raised homocysteine"]),
        (DEFEATED, {"b12": (100.0, 100.0), "mma": (0.1, 0.1)}, ["a raised homocysteine"]),
        (DEFEATED, {"b12": (100.0, 100.0), "mma": (1.0, 1.0)}, []),
        (DEFEATED, {"b12": (300.0, 300.0)}, []),
        (LOW & HIGH, {"b12": (100.0, 100.0)}, []),
        (LOW | certain(HIGH, "a raised MMA"), {"b12": (100.0, 100.0)}, []),
        (LOW | certain(HIGH, "a raised MMA"), {"b12": (300.0, 300.0)}, ["a raised MMA"]),
        (certain(HIGH & ~certain(VEGAN, "a vegan diet"), "MMA"), {"mma": (1.0, 1.0)}, ["a vegan diet"]),
    ],
)
def test_what_could_overturn_an_answer_is_listed_as_long_as_it_is_open(rule, known, listed):
    assert [node.named for node in open_defeaters(rule, Program([rule]).run(Patient(**known)))] == listed


def test_of_defeaters_that_have_to_come_together_one_is_listed():
    rule = LOW & ~(certain(HIGH, "a raised MMA") & certain(RAISED_HCY, "a raised homocysteine"))
    assert len(open_defeaters(rule, Program([rule]).run(Patient(b12=(100.0, 100.0))))) == 1


def test_what_could_overturn_a_verdict_is_listed():
    verdict = Verdict("status", (Case("deficient", DEFEATED, ""),), NOT)
    values = Program([verdict]).run(Patient(b12=(100.0, 100.0)))
    assert [node.named for node in open_defeaters(verdict, values)] == ["a raised MMA", "a raised homocysteine"]


#: Rules, each beside what it is when it is read cautiously: without its defeaters.
CAUTIOUS = st.recursive(
    st.sampled_from([LOW, HIGH, VEGAN, RAISED_HCY]).map(lambda leaf: (leaf, leaf)),
    lambda parts: st.one_of(
        st.tuples(parts, parts).map(lambda pair: (pair[0][0] & pair[1][0], pair[0][1] & pair[1][1])),
        st.tuples(parts, parts).map(lambda pair: (pair[0][0] | pair[1][0], pair[0][1] | pair[1][1])),
        parts.map(lambda part: (~part[0], ~part[1])),
        parts.map(lambda part: (certain(part[0], "a defeater"), part[1])),
        st.tuples(parts, parts).map(lambda pair: tuple(at_least(1, *each) for each in zip(*pair, strict=True))),
    ),
    max_leaves=6,
)
PEOPLE = st.builds(
    lambda b12, mma, hcy, diet: Patient(b12=b12, mma=mma, homocysteine=hcy, vegan_diet=diet),
    st.sampled_from([ANYTHING, (100.0, 100.0), (300.0, 300.0)]),
    *[st.sampled_from([ANYTHING, (0.1, 0.1), (1.0, 1.0)])] * 2,
    st.sampled_from([FALSE, UNKNOWN, TRUE]),
)


def defeaters(rule, program):
    return frozenset(slot for slot in program.below(rule) if program.steps[slot].is_defeater)


@given(CAUTIOUS, PEOPLE)
def test_read_cautiously_a_rule_is_what_it_is_without_its_defeaters(both, patient):
    rule, cautious = both
    program = Program([rule, cautious])
    values = program.step_by_step(patient)
    read = program.caution(rule)
    assert read(values, frozenset())[0] == values[program.slot(cautious)]
    assert read(values, defeaters(rule, program))[0] == values[program.slot(rule)]


@given(st.lists(CAUTIOUS, min_size=1, max_size=4), PEOPLE)
def test_read_cautiously_a_verdict_has_the_outcomes_that_it_has_without_its_defeaters(both, patient):
    verdict, cautious = (
        Verdict("status", tuple(Case(f"case {place}", case, "") for place, case in enumerate(cases)), NOT)
        for cases in zip(*both, strict=True)
    )
    program = Program([verdict, cautious])
    values = program.run(patient)
    read = program.caution(verdict)
    assert read(values.values, frozenset())[0] == outcomes(cautious, values)
    assert read(values.values, defeaters(verdict, program))[0] == outcomes(verdict, values)
