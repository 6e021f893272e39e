"""The rule catalogue as text for the command line, and as the pages of the documentation: one for each file of rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import wrap

from b12labs.catalogue.entries import ADULT_AGE, CatalogueEntry, GuidelineLimit
from b12labs.reference import analytes
from b12labs.reference.unit_labels import with_labels
from b12labs.text import WIDTH

__all__ = ["as_pages", "as_text", "place_of"]

#: Tests shown with a rule; half of all tests name the status.
SHOWN_TESTS = 3

_HEAD = f"""# The rules

`make generated` makes this page and those below it from the rules themselves. Each file of rules has a page.

- Every rule is TRUE, FALSE or UNKNOWN. Inside another rule, a finding is shown by its code.
- `certain(x)` is TRUE if the results known now make x TRUE. `unless certain: x` means that such an x overturns the rule.
- `reported(x)` is a term of the clinical context, and `reported any(x)` is any term of a group.
- An adjusted quantity is a result without the part that elevation and smoking add.
- In a verdict, the first case that applies decides.
- Limits are those for a woman of {ADULT_AGE:g} who is not pregnant, as printed. [How b12labs is built](architecture.md) explains how the
  limits of other patients are found.

## Contents
"""


def as_pages(entries: Iterable[CatalogueEntry]) -> dict[str, str]:
    """Return the pages by their path in the documentation: the contents, then each file in the order of the report."""
    order: dict[str, list[CatalogueEntry]] = {}
    for entry in entries:
        order.setdefault(entry.module, []).append(entry)
    contents = [_HEAD]
    for module, listed in order.items():
        contents.append(f"- [{module}.py](rules/{module}.md): {listed[0].topic}")
        contents += [f"    - {title}: {', '.join(map(_link, kind))}" for title, kind in _by_kind(listed)]
    pages = {f"rules/{module}.md": _page(module, listed) for module, listed in order.items()}
    return {"rules.md": "\n".join(contents) + "\n", **pages}


def _page(module: str, entries: list[CatalogueEntry]) -> str:
    lines = [f"# {module}.py", "", entries[0].topic, "", "[All rules, and how to read them](../rules.md)"]
    for entry in entries:
        lines += ["", *_section(entry)]
    return "\n".join(lines) + "\n"


def _by_kind(entries: list[CatalogueEntry]) -> Iterator[tuple[str, list[CatalogueEntry]]]:
    for kind, listed in groupby(entries, key=lambda entry: entry.kind):
        yield f"{kind}s", list(listed)


def _link(entry: CatalogueEntry) -> str:
    return f"[{entry.code}]({place_of(entry)})"


def place_of(entry: CatalogueEntry) -> str:
    """Return the path of a rule in the documentation, with its anchor."""
    return f"rules/{entry.module}.md#{entry.kind}-{entry.code}"


def _section(entry: CatalogueEntry) -> Iterator[str]:
    yield f"### {entry.kind.capitalize()} `{entry.code}`"
    yield f"\n{entry.meaning}"
    yield f'\n<details markdown="1">\n<summary>{_summary(entry)}</summary>'
    for line in _conditions(entry):
        yield f"\n{line}" if not line.startswith("  ") else f"\n```text\n{_dedented(line)}\n```"
    yield ""
    yield from (f"- {title}: {text}." for title, text in _facts(entry))
    if entry.limits:
        yield "\n| limit | value | guidelines | source | checked |\n|---|---|---|---|---|"
        for limit, guidelines in _merged(entry.limits):
            yield (
                f"| `{limit.name}`: {limit.means} | {_value(limit)} | {guidelines} | {_source(limit)} | "
                f"{limit.checked} |"
            )
    yield "\n</details>"


def _summary(entry: CatalogueEntry) -> str:
    return "Condition, limits, sources and tests" if entry.limits else "Condition, sources and tests"


def _dedented(block: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in block.splitlines())


def _conditions(entry: CatalogueEntry) -> Iterator[str]:
    """Yield sentences, and blocks indented by two blanks."""
    if entry.kind == "question":
        yield f"Answered by {entry.expression}. Asked {'always' if entry.asked == 'always' else 'if:'}"
        if entry.asked != "always":
            yield f"  {entry.asked}"
    for case in entry.cases:
        yield f"{case.outcome}: {case.says}"
        yield _indented(case.layout)
    if entry.kind == "finding":
        yield _indented(entry.layout)


def _indented(block: str) -> str:
    return "\n".join(f"  {line}" for line in block.splitlines())


def _facts(entry: CatalogueEntry) -> Iterator[tuple[str, str]]:
    facts = (
        ("Results", [analytes()[key].label for key in entry.inputs]),
        ("Patient", entry.patient),
        ("Context", entry.context),
        ("Formulas", entry.formulas),
        ("Sources", [f"{source.short} ({source.key})" for source in entry.sources]),
        ("Tests", _first(entry.tests)),
    )
    yield from ((title, "; ".join(items)) for title, items in facts if items)


def _first(tests: tuple[str, ...]) -> list[str]:
    """Return the first tests that name a rule, and the number of others; `b12labs rules CODE --json` lists all."""
    more = len(tests) - SHOWN_TESTS
    return [*tests[:SHOWN_TESTS], f"and {more} more"] if more > 0 else list(tests)


def _merged(limits: Iterable[GuidelineLimit]) -> Iterator[tuple[GuidelineLimit, str]]:
    """Yield each different limit with the guidelines that have it."""
    found: dict[GuidelineLimit, list[str]] = {}
    names: dict[str, set[str]] = {}
    for limit in limits:
        found.setdefault(limit.model_copy(update={"guideline": ""}), []).append(limit.guideline)
        names.setdefault(limit.name, set()).add(limit.guideline)
    for limit, keys in found.items():
        yield limit, "all" if set(keys) == names[limit.name] and len(keys) > 1 else ", ".join(keys)


def _value(limit: GuidelineLimit) -> str:
    value = with_labels(", ".join(limit.values))
    if limit.laboratory_decides:
        return f"the laboratory's own, else {value}" if value else "the laboratory's own"
    return value or "none"


def _source(limit: GuidelineLimit) -> str:
    return "; ".join(part for part in (limit.source_name, limit.note) if part)


def as_text(entry: CatalogueEntry) -> str:
    """Return one entry in full."""
    lines = [f"{entry.code} ({entry.kind}, {entry.module}.py)", *wrap(entry.meaning, WIDTH), ""]
    for line in _conditions(entry):
        lines += [line] if line.startswith("  ") else wrap(line, WIDTH)
    lines.append("")
    for title, text in _facts(entry):
        lines += wrap(f"{title}: {text}", WIDTH, subsequent_indent="  ", break_long_words=False)
    if entry.limits:
        lines += ["", f"Limits for a woman of {ADULT_AGE:g} who is not pregnant:"]
        for limit, guidelines in _merged(entry.limits):
            checked = f" [{limit.checked}]" if limit.checked else ""
            source = f" ({_source(limit)})" if _source(limit) else ""
            lines += wrap(
                f"  {limit.name}: {_value(limit)}{source}{checked}, by {guidelines}", WIDTH, subsequent_indent="    "
            )
    return "\n".join(lines)
