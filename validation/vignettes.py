"""Check the answers about made-up patients: the outcomes and words that they must, and must not, have.

    python validation/vignettes.py FILE [--json]

FILE is a JSON list of patients: `id`, optionally `why`, `inputs` (the keywords of the call) and `expect`. The call is
`interpret`, or the entry's `call`: `screen`, `differential` or `follow_up`. `expect` may have these keys:

- a verdict's name (`status`, `route`, `urgency`, `megaloblastic_anemia`, `functional_deficiency`, `advice`,
  `response`): the list of the right outcomes.
- `must_say`: a list of lists of words. One word of each list must be in the report, in any case.
- `must_not_say`: words that must not be in the report.
- `next_first`: the tests of which one must be suggested first.
- `speaks_for`: conditions that at least one reported feature must support.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import b12labs
from b12labs import B12LabsError

CALLS: dict[str, Callable[..., Any]] = {
    "interpret": b12labs.interpret,
    "screen": b12labs.screen,
    "differential": b12labs.differential,
    "follow_up": b12labs.follow_up,
}


def missing(entry: dict[str, Any]) -> list[str]:
    """Return the expectations of an entry that do not hold, in words."""
    try:
        found = CALLS[entry.get("call", "interpret")](**entry["inputs"])
    except B12LabsError as error:
        return [f"not answered: {error}"]
    return [fault for name, expected in entry["expect"].items() for fault in _faults(found, name, expected)]


def _faults(found: Any, name: str, expected: list[Any]) -> Iterable[str]:
    if name == "must_say":
        said = _report(found)
        return (
            f"says none of {_either(words)}" for words in expected if not any(_plain(word) in said for word in words)
        )
    if name == "must_not_say":
        said = _report(found)
        return (f"says {word!r}" for word in expected if _plain(word) in said)
    if name == "next_first":
        first = found.next_tests[0].analyte if found.next_tests else None
        return [] if first in expected else [f"suggests {first or 'no test'} first, not {_either(expected)}"]
    if name == "speaks_for":
        spoken = {each.code for each in found if each.speaks_for}
        return (f"no feature supports {code}" for code in expected if code not in spoken)
    verdict = found.treatment.route if name == "route" else _verdict(found, name)
    return [] if verdict in expected else [f"{name} is {verdict}, not {_either(expected)}"]


def _verdict(found: Any, name: str) -> Any:
    return getattr(found, name) if hasattr(found, name) else found.findings[name].state


def _report(found: Any) -> str:
    """Return the report in lower case with its lines joined, so that line breaks do not matter."""
    return _plain(found.to_text() if hasattr(found, "to_text") else str(found))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _either(words: Iterable[Any]) -> str:
    return " or ".join(map(str, words))


def main() -> None:
    """Print one line per patient and the total, or everything as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    entries = json.loads(options.file.read_text(encoding="utf-8"))
    done = [{"id": entry["id"], "why": entry.get("why", ""), "missing": missing(entry)} for entry in entries]
    hold = sum(not line["missing"] for line in done)
    if options.json:
        json.dump({"patients": done, "totals": {"patients": len(done), "hold": hold}}, sys.stdout, indent=1)
        print()
        return
    width = max((len(line["id"]) for line in done), default=0) + 2
    for line in done:
        print(f"{line['id']:<{width}}{'; '.join(line['missing']) or 'ok'}")
    print(f"\n{hold} of {len(done)} hold")


if __name__ == "__main__":
    main()
