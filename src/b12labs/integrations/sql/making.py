"""to_sql(): the rules as one statement for a warehouse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from b12labs.answer.answers import TRUTHS, VERDICTS
from b12labs.errors import PanelError, checked_option, expected_word, extra
from b12labs.inputs.options import UnreportedContext, unreported_truth
from b12labs.integrations.sql.answers import problems_of, word_of
from b12labs.integrations.sql.arithmetic import Ends
from b12labs.integrations.sql.cells import quoted
from b12labs.integrations.sql.long_table import DRAW, as_draws, is_long
from b12labs.integrations.sql.names import Names
from b12labs.integrations.sql.patient import read_patient
from b12labs.integrations.sql.pieces import Piece, word
from b12labs.integrations.sql.results import give, read, settle
from b12labs.integrations.sql.rows import RowsInSql
from b12labs.integrations.sql.statement import Statement, Step
from b12labs.integrations.sql.told import Told, told
from b12labs.integrations.sql.truths import Truth, as_piece
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.stratified import Limits
from b12labs.logic.language import TruthValue
from b12labs.logic.program import Program
from b12labs.provenance.model import provenance_of
from b12labs.reasoning.compiled import B12_MARKERS, FINDING_RULES, PROBLEM_FINDINGS, VERDICT_RULES
from b12labs.reference import analytes
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.tables.options import Findings, checked_options
from b12labs.tables.outputs import OUTPUT_COLUMNS, output_names
from b12labs.version import __version__

__all__ = ["RUN", "to_sql"]

#: The dialects that the tests run.
RUN = ("duckdb", "postgres", "spark")

#: A name, quoted or not, with up to two names before it, such as those of a database and a schema.
_TABLE = re.compile(r"""(?:(?:"[^"]+"|`[^`]+`|[\w$]+)\.){0,2}(?:"[^"]+"|`[^`]+`|[\w$]+)""")

_KEEP = "names of columns, such as ['person_id']"


def to_sql(
    *,
    columns: dict[str, str],
    guideline: str = DEFAULT_GUIDELINE,
    dialect: str = "duckdb",
    units: dict[str, str] | None = None,
    findings: Findings = False,
    table: str = "labs",
    keep: Sequence[str] = (),
    mapping: SiteMapping | str | Path | None = None,
    code_system: str = "loinc",
    unreported_context: UnreportedContext = "absent",
) -> str:
    """Return one SQL statement that interprets a table with one row per draw inside the database, by the same rules.

    Parameters
    ----------
    columns
        The meaning of each column of the table: `{"b12_result": "b12", "b12_op": "b12_bound", "mma": "mma", "mma_u":
        "mma_unit", "age": "age", "on_metformin": "metformin"}`. Results are numbers, each with its unit in `units` or
        in a column (`b12_unit`), and may have a column of `<`, `<=`, `>` or `>=` (`b12_bound`). Age, sex, pregnancy,
        trimester, weeks of gestation, elevation, and each context term (`metformin`, `smoking`) have their own columns;
        terms are yes or no. NULL means missing. A long table, with one row per result, has `patient`, `time`, `test`,
        `value`, `unit` and `operator` instead.
    guideline
        The key of a guideline.
    dialect
        A dialect that sqlglot writes. The tests run `duckdb`, `postgres` and `spark`; a statement in another dialect
        begins with a comment that it was not run.
    units
        The unit of a result, or of age or elevation, for the whole column: `{"b12": "pg/mL"}`.
    findings
        True for a column for every finding, or the codes of the findings wanted.
    table
        The table or view to read.
    keep
        Its columns to return first, such as the key.
    mapping
        A site's own names of tests, units, operators and words, or the path of its file (docs/tables.md).
    code_system
        The system in which a long table codes its tests: `loinc`, `omop`, `snomed_ct`, ...
    unreported_context
        Whether context that is not mentioned is taken as absent, or as unknown.

    Returns a statement of named steps, with the sentence of each rule above it. Its columns are those of
    `interpret_frame` without the next tests, then the guideline, and the versions and hashes of the rules. For a long
    table, it returns one row per patient and day.

    Raises `ColumnError`, `GuidelineError`, `MeasurementError` and `PanelError`. docs/sql.md lists the features that are
    not supported.

    >>> from b12labs import to_sql
    >>> statement = to_sql(columns={"value": "b12"}, units={"b12": "pg/mL"}, keep=["person_id"], table="labs")
    >>> print(statement.splitlines()[1])
    WITH given AS (

    """
    checked = checked_options(guideline=guideline, findings=findings)
    site = as_mapping(mapping)
    source = _checked_dialect(dialect, table)
    kept = checked_option("keep", [keep] if isinstance(keep, str) else list(keep), _KEEP, holds=True)
    first: list[Step] = []
    if is_long(columns):
        checked_option("keep", kept, "nothing for a long table, whose draws have patient and day", holds=not kept)
        first, what = as_draws(columns, source, site, code_system)
        source, kept = "draws", list(DRAW)
    else:
        what = told(columns, units, site)
    asked = Asked(checked.limits, checked.findings, unreported_truth(unreported_context), site)
    statement, answers = steps_over(what, asked, tuple(kept))
    return _head(dialect, checked.limits) + statement.text(dialect, source, answers, first)


@dataclass(frozen=True)
class Asked:
    """The guideline, the findings, the truth of context that is not mentioned, and the site's mapping."""

    limits: Limits
    findings: tuple[str, ...]
    unreported: TruthValue
    site: SiteMapping


#: They have no NaN, and read a text such as `<150` as a number without an error: the answer would be wrong.
_WITHOUT_NAN = ("sqlite", "mysql")


def _checked_dialect(dialect: str, table: str) -> str:
    """Return the table as the dialect writes it; raises `PanelError` if the dialect or the table is not one."""
    with extra("sql", "to_sql"):
        from sqlglot import Dialects, exp
    known = [each.value for each in Dialects if each.value and each.value not in _WITHOUT_NAN]
    if dialect not in known:
        raise PanelError(f"dialect: {expected_word(dialect, known)}", code="unknown_dialect", field="dialect")
    holds = isinstance(table, str) and _TABLE.fullmatch(table) is not None
    checked_option("table", table, "the name of a table, such as 'lab.results'", holds=holds)
    return str(exp.to_table(table, dialect=dialect).sql(dialect))


def steps_over(what: Told, asked: Asked, keep: tuple[str, ...]) -> tuple[Statement, list[tuple[str, Piece, str]]]:
    """Return the steps over a table with one row per draw, and the answers from the last step."""
    statement = Statement(reserved=FINDING_RULES)
    statement.begin("given")
    kept = [statement.put(f"own_{place}", Piece(quoted(name)), own=True) for place, name in enumerate(keep, start=1)]
    in_order = [what.results[key] for key in analytes() if key in what.results]
    given = [give(statement, result, asked.site) for result in in_order]
    read_who = read_patient(statement, what, asked.site, asked.unreported)
    statement.begin("read")
    results = {each.result.key: read(statement, each) for each in given}
    settle(statement, results)
    patient = read_who()
    rows = RowsInSql(statement, asked.limits, results, patient, unreported=asked.unreported)
    statement.begin("rules")
    answers = _answers(statement, rows, asked.findings)
    problems = {code: answers[code] for code in PROBLEM_FINDINGS}
    columns = {code: as_piece(answers[code]) for code in answers}
    columns["problems"] = problems_of(results, patient, problems)
    made = provenance_of(asked.limits, {})
    columns |= {
        "guideline": word(made.guideline),
        "guideline_hash": word(made.guideline_hash),
        "b12labs_version": word(made.version),
        "rules_version": word(made.rules_version),
        "rules_hash": word(made.rules_hash),
    }
    wanted = (*(code for code in OUTPUT_COLUMNS if code in columns), *asked.findings, *list(columns)[-5:])
    named = output_names(list(keep), list(dict.fromkeys(wanted)))
    last = [(quoted(name), piece, "") for name, piece in zip(keep, kept, strict=True)]
    last += [(name, columns[code], "") for name, code in zip(named, dict.fromkeys(wanted), strict=True)]
    return statement, last


def _answers(statement: Statement, rows: RowsInSql, findings: tuple[str, ...]) -> dict[str, Truth]:
    """Return the word of every verdict, and the truth of every finding that is asked for."""
    truths = tuple(dict.fromkeys((*TRUTHS, *PROBLEM_FINDINGS, *findings)))
    program = Program([*(FINDING_RULES[code] for code in truths), *(VERDICT_RULES[code] for code in VERDICTS)])
    values = _evaluated(program, rows)
    assessed = rows.any_measured(B12_MARKERS)
    found: dict[str, Truth] = {code: values[program.slot(FINDING_RULES[code])] for code in truths}
    for code, row in VERDICTS.items():
        verdict = VERDICT_RULES[code]
        cases = [values[program.slot(case.when)] for case in verdict.cases]
        found[code] = word_of(statement, verdict, row, cases, assessed)
    return found


def _head(dialect: str, limits: Limits) -> str:
    """Return the comments at the beginning of a statement."""
    said = (
        f"-- {limits.guideline.title}, by b12labs {__version__}. NULL is the third answer: these results cannot tell.\n"
    )
    return (
        said if dialect in RUN else f"-- This statement was not run in {dialect}: try it on known rows first.\n{said}"
    )


def _evaluated(program: Program, rows: RowsInSql) -> list[Truth]:
    """Return every step of the rules as SQL; a step that is used more than once is a column."""
    names, do, values = Names(program), rows.primitives, list[Truth]()
    for slot, step in enumerate(program.steps):
        do.hint = names.by_slot.get(slot, "part")
        value = step.operation(values, rows)
        if isinstance(value, Piece) and not value.plain and names.is_column(slot):
            value = do.statement.put(do.hint, value, names.says.get(slot, ""), own=slot in names.says)
        elif isinstance(value, Ends) and names.uses[slot] > 1:
            value = do.named(do.hint, value)
        values.append(value)
    return values
