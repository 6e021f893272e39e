"""Every rule answers as the documents say: below, on and above each limit, and wherever one of its parts turns it.

The rows of `witness/` hold the answers as literals that a person reviewed against the documents. Each part of each rule
is altered in turn (left out, turned round, read on the limit, `certain(x)` read as plain `x`): some row must notice.
`python -m tests.rules.witness.propose` proposes rows for parts that have none.
"""

from collections import defaultdict
from functools import cache

import pandas as pd
import pytest

from b12labs import interpret_frame, screen
from b12labs.answer.answers import VERDICTS
from b12labs.logic.expressions import Certain, Combine, Truth
from b12labs.logic.language import Finding, Verdict
from b12labs.reasoning.compiled import FINDING_RULES
from b12labs.rules.screening import TESTING
from tests.rules.witness import desk
from tests.rules.witness.parts import alterations, compared_edges, edges, position, reading
from tests.rules.witness.rows import files, read_equivalents, read_rows

ROWS = {name: read_rows(name) for name in files()}
#: Files of which every row was reviewed; the others fail one test, and disturb no other.
NAMES = [name for name, rows in ROWS.items() if all(row.reviewed for row in rows)]
#: Nothing is below a limit of 0.
NOTHING_BELOW = ("Schistocytes > schistocytes_raised", "Blasts > blasts_raised")
OF_RESULTS = [name for name in NAMES if name not in ("screening", "follow_up")]


def groups(name):
    """Yield each rule of a file with its rows of one guideline, and the values of the file's rules for them."""
    for rows in desk.by_options(ROWS[name]):
        values = desk.evaluated(name, rows)
        for code, rule in desk.rules_of()[name].items():
            places = [place for place, row in enumerate(rows) if row.rule == code]
            if places:
                yield rule, places, rows, values


# What rows say


def test_every_file_of_rules_has_its_rows():
    assert set(files()) == {name for name, rules in desk.rules_of().items() if rules}


@pytest.mark.parametrize("name", files())
def test_every_row_was_reviewed_and_stands_once(name):
    assert [row.place for row in ROWS[name] if not row.reviewed] == []
    said = [(row.rule, frozenset(row.inputs)) for row in ROWS[name]]
    assert [one for one in set(said) if said.count(one) > 1] == []


@pytest.mark.parametrize("name", OF_RESULTS)
def test_one_patient_is_answered_as_the_row_says(name):
    found = [(row, desk.of_one_patient(name, row)) for row in ROWS[name]]
    assert [(row.place, str(row), answer) for row, answer in found if answer != row.answer] == []


def tables():
    """Return the rows that a table can answer, of all files together, by their options."""
    said = [row for name in OF_RESULTS for row in ROWS[name] if row.rule in FINDING_RULES or row.rule in VERDICTS]
    return list(desk.by_options(said))


@pytest.mark.parametrize("rows", tables(), ids=lambda rows: f"{rows[0].guideline}-{rows[0].unreported}")
def test_all_rows_of_a_table_are_answered_as_the_rows_say(rows):
    cells = [row.cells for row in rows]
    columns = dict.fromkeys(["b12", *(key for cell in cells for key in cell)])
    frame = pd.DataFrame({key: [cell.get(key) for cell in cells] for key in columns}, dtype=object)
    options = {"guideline": rows[0].guideline, "unreported_context": rows[0].unreported}
    out = interpret_frame(frame, **options, findings=True)
    said = {
        code: out[code].astype(object).where(out[code].notna(), None).tolist() for code in {row.rule for row in rows}
    }
    words = {True: "yes", False: "no", None: "open"}
    answers = [said[row.rule][place] for place, row in enumerate(rows)]
    found = [(row, words.get(answer, answer)) for row, answer in zip(rows, answers, strict=True)]
    assert [(row.place, str(row), answer) for row, answer in found if answer != row.answer] == []


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_answered_as_the_rows_say(name):
    wrong = []
    for rule, places, rows, values in groups(name):
        answers = desk.answers(rule, values, len(rows))
        wrong += [
            (rows[place].place, str(rows[place]), answers[place])
            for place in places
            if answers[place] != rows[place].answer
        ]
    assert wrong == []


def test_follow_up_answers_as_the_rows_say():
    found = [(row, desk.followed(row)) for row in ROWS["follow_up"]]
    assert [(row.place, str(row), answer) for row, answer in found if answer != row.answer] == []


def test_screening_answers_as_the_rows_say():
    wrong = [(row.place, str(row), found) for row in ROWS["screening"] if (found := desk.screened(row)) != row.answer]
    verdicts = {rule.code for rule in TESTING.values()}
    for row in ROWS["screening"]:
        if row.rule in verdicts:
            options = {"guideline": row.guideline, "unreported_context": row.unreported}
            found = screen(**row.keywords, **options).advice
            wrong += [(row.place, str(row), found)] if found != row.answer.replace("open", "depends") else []
    assert wrong == []


# What rows are for


@cache
def noticed():
    """Return for each row the labels of the parts whose alteration it notices, and what no row notices."""
    labels, unnoticed, owners = defaultdict(set), {}, set()
    for name in NAMES:
        for code, rule in desk.rules_of()[name].items():
            for alteration in alterations(rule):
                unnoticed.setdefault(key_of(rule, alteration), f"{name}: {code}: {alteration}")
        for rule, places, rows, values in groups(name):
            ways = list(alterations(rule))
            readings = [reading(rule, values), *(reading(rule, values, alteration) for alteration in ways)]
            plain, *altered = desk.codes_of_each(rule, values, len(rows), readings)
            for alteration, codes in zip(ways, altered, strict=True):
                for place in places:
                    if codes[place] != plain[place]:
                        labels[name, rows[place].place].add(alteration.edge.label)
                        owners.add(key_of(rule, alteration))
    return labels, {said for key, said in unnoticed.items() if key not in owners}


def key_of(rule, alteration):
    """What two rules share is altered once: a row of either may notice."""
    edge = alteration.edge
    return (rule.code if edge.user is rule else id(edge.user)), edge.place, alteration.how


def test_every_part_of_every_rule_turns_a_row():
    assert noticed()[1] - set(read_equivalents()) == set()


def test_what_is_listed_as_equivalent_is_noticed_by_no_row_and_has_a_reason():
    equivalents = read_equivalents()
    assert set(equivalents) - noticed()[1] == set()
    assert [said for said, reason in equivalents.items() if not reason] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_row_tries_a_part_that_its_rule_has(name):
    compared = defaultdict(set)
    for rule, places, rows, values in groups(name):
        for edge in compared_edges(rule):
            where = position(edge.part, values, len(rows))
            for place in places:
                if where[place]:
                    compared[rows[place].place].add(edge.label)
    tried = noticed()[0]
    idle = [
        (row.place, str(row))
        for row in ROWS[name]
        if row.part not in tried[name, row.place] | compared[row.place] and not is_whole(desk.rule(name, row.rule), row)
    ]
    assert idle == []


def is_whole(rule, row):
    """Tell whether a row shows what a rule answers as a whole: one word reported, one finding, or no case at all."""
    if isinstance(rule, Verdict):
        return row.answer == rule.otherwise.outcome
    return not isinstance(rule.when, Combine) and not any(edge.user is not rule for edge in truths(rule))


def truths(rule):
    """Return the parts of a rule that are truths of its own, but for what is read as certain."""
    return [edge for edge in edges(rule) if isinstance(edge.part, Truth) and not isinstance(edge.user, Certain)]


@pytest.mark.parametrize("name", NAMES)
def test_every_comparison_has_rows_below_on_and_above_its_limit(name):
    found = defaultdict(set)
    for rule, places, rows, values in groups(name):
        for edge in compared_edges(rule):
            where = position(edge.part, values, len(rows))
            found[rule.code, edge.label].update(where[place] for place in places)
    wanted = [
        (code, edge.label, side)
        for code, rule in desk.rules_of()[name].items()
        for edge in compared_edges(rule)
        for side in ("below", "on", "above")
        if not (side == "below" and edge.label in NOTHING_BELOW)
    ]
    assert [each for each in wanted if each[2] not in found[each[:2]]] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_of_every_rule_is_asserted(name):
    said = defaultdict(set)
    for row in ROWS[name]:
        said[row.rule].add(row.answer)
    wanted = {
        code: {"yes", "no"} if isinstance(rule, Finding) else set(rule.outcomes)
        for code, rule in desk.rules_of()[name].items()
    }
    assert {code: answers - said[code] for code, answers in wanted.items() if answers - said[code]} == {}


def test_a_row_names_a_part_in_the_words_of_the_catalogue():
    known = {edge.label for rules in desk.rules_of().values() for rule in rules.values() for edge in edges(rule)}
    assert {row.part for rows in ROWS.values() for row in rows} <= known
