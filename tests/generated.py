"""Every file that is made from rules, limits, names, docstrings and schemas; `make generated` writes them.

A new kind of generated file is one more line of `files`.
"""

import sys
import tomllib

from b12labs import schemas
from b12labs.catalogue import catalogue
from b12labs.catalogue.page import as_pages
from b12labs.reference import guideline_keys
from site_pages import model_card
from site_pages.contents import generated
from tests.conftest import ROOT
from tests.decision_tables import table
from tests.panel_values import NAME as PANEL_VALUES
from tests.panel_values import panel_values
from tests.rules_version import NAME as RULES_VERSION
from tests.rules_version import rules_version
from tests.sql_statement import statement

#: The folders in which every file is generated.
FOLDERS = ("docs/images/paths", "docs/rules", "docs/schemas", "tests/snapshots")


def files():
    """The text of every generated file by its path in the project."""
    version = rules_version()
    return {
        **{f"docs/{name}": text for name, text in as_pages(catalogue()).items()},
        **{f"docs/{name}": text for name, text in generated().items()},
        **{f"docs/schemas/{name}-{version}.json": schemas.as_json(name) for name, version in schemas.VERSIONS.items()},
        "docs/model-card.md": model_card.page(tomllib.loads(version)["rules_version"]),
        RULES_VERSION: version,
        PANEL_VALUES: panel_values(),
        **{f"tests/snapshots/{key}.csv": table(key) for key in guideline_keys()},
        "tests/snapshots/nice-ng239.duckdb.sql": statement(),
    }


def left_over(made):
    """The files of the generated folders that nothing makes any more."""
    there = {path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in (ROOT / folder).iterdir()}
    return sorted(there - made.keys())


def main():
    """Write every generated file, and remove those that nothing makes any more."""
    made = files()
    for name, text in made.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
    for name in left_over(made):
        (ROOT / name).unlink()
    sys.stdout.write(f"Written: {len(made)} files; review the difference before it is committed.\n")


if __name__ == "__main__":
    main()
