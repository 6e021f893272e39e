"""Questions that no attribute of an interpretation answers: `convert.UNIT`, `screen.advice` and others."""

from __future__ import annotations

from datetime import date, timedelta

from b12labs import follow_up, interpret, measure, reference_change, screen, variations

LISTS = {"symptoms", "medicines", "diagnoses", "risk_factors"}
START = date(2026, 1, 5)


def _values(given):
    return {name: value.split("; ") if name.removeprefix("then_") in LISTS else value for name, value in given}


def _asked_for(analyte, guideline, given):
    """Return whether a test is among the next tests."""
    return any(test.analyte == analyte for test in interpret(**_values(given), guideline=guideline).next_tests)


def _screened(question, guideline, given):
    """Return the advice, or whether a statement goes with it."""
    found = screen(**_values(given), **({"guideline": guideline} if guideline else {}))
    return found.advice if question == "advice" else any(said.code == question for said in found.also)


def _followed(question, guideline, given):
    """Return how treatment goes by a draw on its first day and one `day` days later, whose values begin `then_`."""
    values = _values(given)
    last = START + timedelta(days=int(values.pop("day")))
    person = {name: values[name] for name in ("age", "sex") if name in values}
    then = {name.removeprefix("then_"): value for name, value in values.items() if name.startswith("then_")}
    before = {name: value for name, value in values.items() if not name.startswith("then_")}
    draws = [{"date": START.isoformat(), **before}, {"date": last.isoformat(), **person, **then}]
    found = follow_up(draws, treatment_started=START.isoformat(), guideline=guideline)
    if question == "response":
        return found.response
    if question == "checks":
        return " ".join(str((check.when - START).days) for check in found.next_checks)
    return any(said.code == question for said in (*found.because, *found.consider))


def _converted(unit, _, given):
    """Return a result in the canonical unit, to eight digits."""
    ((analyte, value),) = given
    return f"{measure(analyte, value).low:.8g}"


def _changed(question, _, given):
    """Return the fall or the rise in percent beyond which two results of one person differ, to four decimals."""
    ((_, analyte),) = given
    fall, rise = reference_change(variations()[analyte])
    return f"{100 * (fall if question == 'fall' else rise):.4f}"


ASKED = {"change": _changed, "asks": _asked_for, "screen": _screened, "follow_up": _followed, "convert": _converted}
