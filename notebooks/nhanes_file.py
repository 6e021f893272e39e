"""Make the file that the NHANES notebook reads, from the .XPT files that you downloaded from the NHANES site.

    python notebooks/nhanes_file.py FOLDER -o nhanes_1999_2002.csv.gz

FOLDER holds the demographics file and the laboratory files of one or more cycles, under any names: the script goes by
the variables in them. It joins the files by person (SEQN), and prints the variables that no file has. The columns
`rx_*` of examples/nhanes.toml are not variables of NHANES: make them from its prescription files yourself, or delete
their lines from a copy of the mapping.
"""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

import pandas as pd

PERSON, CYCLE = "SEQN", "SDDSRVYR"
#: People without any of these are not written.
MEASURED = ["LBXB12", "LBXMMA", "LBXHCY", "LBXHGB"]
VARIABLES = [
    CYCLE, "RIAGENDR", "RIDAGEYR", "RIDEXPRG",
    *MEASURED, "LBXFOL", "LBXRBF", "LBXHCT", "LBXRBCSI", "LBXMCVSI", "LBXMCHSI", "LBXMC", "LBXRDW", "LBXWBCSI",
    "LBDNENO", "LBXPLTSI", "LBXSCR", "LBXSTB", "LBXSLDSI", "LBXFER", "LBXPCT", "LBXCRP",
    "rx_metformin", "rx_ppi", "rx_h2ra", "rx_b12", "rx_methotrexate", "rx_anticonvulsant",
]  # fmt: skip
#: pandas reads the zero of an .XPT file as 16 ** -65, the smallest number that such a file can hold.
ZERO = 16.0**-65


def fail(message: str) -> NoReturn:
    sys.exit(message)


def read(path: Path) -> pd.DataFrame | None:
    """Return the variables of a file that are wanted, by person; None for a file that has none of them."""
    try:
        table = pd.read_sas(path, format="xport")
    except (ValueError, OSError) as error:
        fail(f"{path.name}: expected a SAS transport file (XPORT version 5), got another ({error}). Download it again.")
    wanted = [name for name in VARIABLES if name in table]
    if PERSON not in table or not wanted:
        print(f"{path.name}: not used, has no {PERSON if PERSON not in table else 'variable that is wanted'}")
        return None
    if nobody := table[PERSON].isna().sum():
        fail(f"{path.name}: expected {PERSON} in every row, got none in {nobody:,} rows")
    table = table[[PERSON, *wanted]]
    return table.mask(table == ZERO, 0).convert_dtypes()


def values(name: str, tables: dict[str, pd.DataFrame]) -> pd.Series:
    """Return a variable by person; two files may both have it if they agree."""
    found = [table[[PERSON, name]].assign(file=file) for file, table in tables.items() if name in table]
    found = pd.concat(found).dropna()
    first = found.drop_duplicates(PERSON).set_index(PERSON)
    before = first.loc[found[PERSON]]
    other = found[found[name].to_numpy() != before[name].to_numpy()]
    if len(other):
        one, two = first["file"][other[PERSON].iloc[0]], other["file"].iloc[0]
        files = f"{one} and {two}" if one != two else f"rows of {one}"
        people = other[PERSON].nunique()
        fail(f"{name}: expected one value per person, got different values in {files} (people: {people:,})")
    return first[name]


def joined(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per person of all cycles."""
    found = [name for name in VARIABLES if any(name in table for table in tables.values())]
    if CYCLE not in found:
        fail(f"{CYCLE}: expected the demographics file of each cycle, got no file with this variable")
    people = pd.DataFrame({name: values(name, tables) for name in found}).sort_index()
    without = people[CYCLE].isna()
    if without.any():
        files = [name for name, table in tables.items() if table[PERSON].isin(people.index[without]).any()]
        fail(
            f"{CYCLE}: expected the cycle of each person, got none for {without.sum():,} people of {', '.join(files)}. "
            "Add the demographics file of their cycle."
        )
    return people


def report(people: pd.DataFrame, written: pd.DataFrame) -> None:
    """Print what the file has and what it lacks."""
    print(f"In no file: {', '.join(name for name in VARIABLES if name not in people) or 'none'}")
    for cycle, members in people.groupby(CYCLE):
        empty = [name for name in people if members[name].isna().all()]
        print(f"{CYCLE} {cycle}: {len(members):,} people" + (f"; nobody has {', '.join(empty)}" if empty else ""))
    print(f"{len(written):,} of {len(people):,} people have any of {', '.join(MEASURED)}, and are written")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Make the file of the NHANES notebook from .XPT files.")
    parser.add_argument("folder", type=Path, help="the folder of the .XPT files that you downloaded")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the CSV file to write; .gz compresses it")
    given = parser.parse_args(arguments)
    if not given.folder.is_dir():
        fail(f"{given.folder}: expected a folder, got {'a file' if given.folder.exists() else 'nothing of this name'}")
    if not given.output.parent.is_dir():
        fail(f"{given.output}: expected a path in a folder that is there, got none of this name: {given.output.parent}")
    files = sorted(path for path in given.folder.iterdir() if path.suffix.lower() == ".xpt")
    if not files:
        fail(f"{given.folder}: expected files that end in .XPT, got none")
    tables = {path.name: table for path in files if (table := read(path)) is not None}
    people = joined(tables)
    measured = [name for name in MEASURED if name in people]
    if not measured:
        fail(f"{given.folder}: expected a file with any of {', '.join(MEASURED)}, got none")
    written = people.dropna(subset=measured, how="all")
    report(people, written)
    written.to_csv(given.output)
    print(given.output)


if __name__ == "__main__":
    main()
