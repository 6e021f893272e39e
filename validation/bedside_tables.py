"""Compare a file of bedside tables with the answers of b12labs: every row of its tables, and every sentence.

    python -m validation.bedside_tables FILE

FILE is Markdown: tables of other causes of symptoms, of words, and of foods, with paragraphs between them. The script
prints every row and sentence with its place in b12labs, and exits with status 1 if one is missing. A row is covered if
the words of its cells are in the text of its condition. A sentence is covered if its words in `bedside_sentences` are
in an answer.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from b12labs import B12LabsError, differential, interpret, screen
from b12labs.inputs.vocabulary import find_terms, plain
from b12labs.reference.bedside import bedside
from validation.bedside_sentences import SENTENCES, folded, said_of

#: The section that is left out, because by its own title it changes nothing.
NOT_ACTED_ON = "Not acted on, and said to be so"
#: The conditions of each table of causes, in the order of its rows or columns.
CONDITIONS = {
    "Leg symptoms": ("b12_neuropathy", "diabetic_neuropathy", "sciatica", "meralgia_paresthetica"),
    "Joint pain": ("b12_joint", "osteoarthritis", "rheumatoid_arthritis"),
    "Muscle weakness": (
        "overexertion",
        "other_deficiency",
        "muscle_disease",
        "neurological_disease",
        "thyroid_disease",
        "anemia",
        "b12_weakness",
    ),
    "Tingling and numbness": (
        "pinched_nerve",
        "poor_circulation",
        "diabetic_neuropathy",
        "other_neuropathy",
        "b12_neuropathy",
    ),
    "Fatigue": (
        "poor_sleep",
        "stress_or_low_mood",
        "infection",
        "iron_deficiency",
        "systemic_disease",
        "b12_fatigue",
    ),
    "Memory loss and confusion": ("stress_or_poor_sleep", "delirium", "dementia", "memory_other", "b12_memory"),
    "Loss of balance and falls": ("inner_ear", "poor_vision", "medicines", "brain_or_cord", "b12_balance"),
    "Treatment row of each differential": (
        "b12_neuropathy",
        "diabetic_neuropathy",
        "sciatica",
        "meralgia_paresthetica",
        "b12_joint",
        "osteoarthritis",
        "rheumatoid_arthritis",
    ),
}
#: The table with one row per symptom.
SYMPTOM_ROWS = "Weakness, tingling, fatigue, memory, balance: other common causes"
#: Words of a row, and the other words that b12labs uses for them.
SAID_AS = {
    "thyroid_disease": {"lost": "position sense is kept"},
    "other_neuropathy": {"excess": "too much vitamin B6"},
    "b12_neuropathy": {"sides": "both, symmetrical"},
    "b12_weakness": {"where": "if nerves suffer"},
    "stress_or_low_mood": {"onset": "with events"},
    "sciatica": {"compression": "a nerve root pressed"},
    "weakness": {"exertion": "overexertion", "progressive": "gradual", "neurological": "neurological disease"},
    "tingling": {"hands": "hands"},
    "fatigue": {"persistent": "lasting", "megaloblastic": "anemia"},
    "memory": {"physical": "gait", "sensory": "numbness", "signs": "numbness"},
}
_SMALL = frozenset(
    [
        "with",
        "both",
        "from",
        "when",
        "that",
        "this",
        "then",
        "than",
        "over",
        "into",
        "same",
        "also",
        "such",
        "only",
        "very",
        "much",
        "some",
        "other",
    ]
)

#: Sentences that list words: each word must be understood, and each symptom must be a reason to test.
LISTS = ("Neurological:", "Blood:", "Mouth and gut:", "Legs and joints:")
#: Words that describe a symptom and are not a symptom.
HOW = ("often chronic and worse at night",)
RISKS = ("Over 50",)
VOCABULARY = ("Vocabulary still unknown",)
FOODS = ("Beef, liver",)
#: Sentences about the sources, the file or a table, which need no counterpart.
ABOUT = ("Source", "For the context", "They explain", "Amounts:", "Facts in our own words")


class Row(NamedTuple):
    """One row or sentence of the file, its place in b12labs, and its missing parts."""

    section: str
    text: str
    place: str
    missing: str


def _diet() -> str:
    return folded(str(interpret(b12="100 pg/mL", age=60, risk_factors=["vegan"])))


def _tokens(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", text.casefold()) if len(word) > 3 and word not in _SMALL]


def _lacking(cells: str, text: str, said_as: dict[str, str]) -> str:
    """Return the words of cells that are not in a text, nor their replacements."""
    low = text.casefold()
    lacking = [
        word
        for word in _tokens(cells)
        if word[: max(4, len(word) - 3)] not in low and said_as.get(word, "\0") not in text
    ]
    return " ".join(lacking)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _tables(lines: list[str]) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Yield each table with the line before it, its header and its rows."""
    before = ""
    while lines:
        line = lines.pop(0)
        if line.startswith("|"):
            header, rows = _cells(line), []
            lines.pop(0)
            while lines and lines[0].startswith("|"):
                rows.append(_cells(lines.pop(0)))
            yield before, header, rows
        elif line.strip():
            before = line.strip()


def compare(text: str) -> list[Row]:
    """Return every row and sentence of a file of bedside tables, with its place and its missing parts."""
    found: list[Row] = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        if title.strip() == NOT_ACTED_ON:
            continue
        for before, header, rows in _tables([title, *body.splitlines()]):
            found += _table(before, header, rows)
        prose = " ".join(line for line in body.splitlines() if not line.startswith("|"))
        found += [_sentence(title, said) for said in _split(prose)]
    return found


def _split(prose: str) -> list[str]:
    titles = "|".join(re.escape(title) for title in (*CONDITIONS, SYMPTOM_ROWS))
    said = re.split(r"(?<=[.:\]]) +(?=[A-Z])", re.sub(rf"(?:^|(?<=\s))(?:{titles})(?=\s|$)", "", folded(prose)))
    joined: list[str] = []
    for part in filter(None, map(str.strip, said)):
        if joined and (not part[0].isupper() or joined[-1].endswith(":")):
            joined[-1] += f" {part}"
        else:
            joined.append(part)
    return joined


def _table(before: str, header: list[str], rows: list[list[str]]) -> Iterator[Row]:
    if header[0] == "feature":
        yield from (_word(before, row) for row in rows)
    elif header[0] == "group":
        text = _diet()
        for row in rows:
            yield Row(before, " · ".join(row[:2]), "report, treatment (diet)", _lacking(row[1], text, _FOOD_WORDS))
    elif before == SYMPTOM_ROWS:
        for row in rows:
            text = " ".join(map(said_of, bedside().words["symptom"][row[0]].fits))
            lacking = _lacking(" ".join(row[1:]), text, SAID_AS.get(row[0], {}))
            yield Row(before, " · ".join(row), f'differential(symptom="{row[0]}")', lacking)
    elif header[0] in ("cause", "condition"):
        for code, row in zip(CONDITIONS[before], rows, strict=True):
            yield _cause(before, code, row)
    else:
        for row in rows:
            for code, cell in zip(CONDITIONS[before], row[1:], strict=True):
                lacking = _lacking(cell, said_of(code), SAID_AS.get(code, {}))
                yield Row(before, f"{row[0]} · {cell}", f"differential: {code}", lacking)


_FOOD_WORDS = {
    "other": "other",
    "tablets": "supplements",
    "sublingual": "sublingual",
    "everybody": "Anyone",
    "where": "if their label says so",
}


def _cause(before: str, code: str, row: list[str]) -> Row:
    """Compare a row of causes. A row from general knowledge must be marked as unconfirmed."""
    condition = bedside().conditions[code]
    lacking = _lacking(" ".join(row[:-1]), said_of(code), SAID_AS.get(code, {}))
    marked = "unconfirmed" in (condition.checked, condition.treatment_checked)
    unmarked = "" if marked or "[general]" not in row[-1] else "not marked as unconfirmed"
    return Row(before, " · ".join(row), f"differential: {code}", " ".join(filter(None, (lacking, unmarked))))


def _word(before: str, row: list[str]) -> Row:
    """Compare a word and its synonyms with the conditions that `differential` returns for it."""
    feature, word, others, fits = row[0].replace(" ", "_"), row[1], re.sub(r"\(.*?\)", "", row[2]), row[3]
    always, _, beside = fits.partition("; ")
    codes, codes_beside = _codes(always), _codes(beside)
    lacking = []
    for name in filter(None, map(str.strip, [*word.split(", "), *others.split(", ")])):
        try:
            found = {each.code for each in differential(**{feature: name})}
        except B12LabsError:
            lacking.append(f"{name} is not known")
            continue
        for others_said in ({"side": "one"}, {"symptom": "joint pain"}) if codes_beside else ():
            found |= {each.code for each in differential(**{feature: name, **others_said})}
        lacking += [f"{name}: not {code}" for code in sorted((codes | codes_beside) - found)]
    return Row(before, " · ".join(row[:4]), f'differential({feature}="{word.split(", ")[0]}")', "; ".join(lacking))


def _codes(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)*", text)) & set(bedside().conditions)


def _sentence(section: str, said: str) -> Row:
    if said.startswith(ABOUT):
        return Row(section, said, "not needed: it names sources, or the file", "")
    if said.startswith(LISTS):
        lacking = [word for word in _listed(said.partition(":")[2]) if not _counts(word)]
        return Row(section, said, "context terms; screen()", ", ".join(lacking))
    if said.startswith(RISKS):
        lacking = [word for word in _listed(said) if not _at_risk(word)]
        return Row(section, said, "screen(), with a symptom", ", ".join(lacking))
    if said.startswith(VOCABULARY):
        lacking = [word for word in _listed(said.partition(":")[2]) if not find_terms(word.removeprefix("risk: "))]
        return Row(section, said, "context terms", ", ".join(lacking))
    if said.startswith(FOODS):
        return Row(section, said, "report, treatment (diet)", _lacking(said, _diet(), {"read": "says so"}))
    for beginning, where in SENTENCES.items():
        if said.startswith(beginning):
            text = where.text()
            return Row(section, said, where.place, "; ".join(word for word in where.words if word not in text))
    return Row(section, said, "", "no counterpart is listed")


#: Two items that share a word: lost vibration and position sense.
_TOGETHER = re.compile(r"(lost )(vibration) and (position sense)")


def _listed(text: str) -> list[str]:
    """Return the items of a list in a sentence, without the synonyms in brackets."""
    plain_text = re.sub(r"\([^)]*\)", "", text).strip(" .")
    listed = [
        part for part in map(str.strip, re.split(r"[,;]", _TOGETHER.sub(r"\1\3, \1\2 sense", plain_text))) if part
    ]
    return [part for part in listed if part not in HOW]


def _counts(word: str) -> bool:
    """Return whether a word is known as a symptom, and is a reason to test beside a risk factor."""
    found = find_terms(word) or find_terms(plain(word))
    return (
        bool(found)
        and screen(age=40, symptoms=[term.key for term in found], risk_factors=["vegan"]).advice != "not_advised"
    )


def _at_risk(word: str) -> bool:
    if word == "Over 50":
        return any(said.code == "acid_falls_with_age" for said in screen(age=55, symptoms=["leg pain"]).also)
    terms = {key for term in find_terms(word) for key in term.groups}
    return bool(terms & {"test_risk", "other_test_risk", "aafp_2017_risk"})


def as_markdown(rows: list[Row]) -> str:
    """Return the rows as a table."""
    lines = ["| section | row or sentence | place | missing |", "|---|---|---|---|"]
    lines += [f"| {row.section} | {row.text.replace('|', '/')} | {row.place} | {row.missing} |" for row in rows]
    missing = sum(bool(row.missing) for row in rows)
    return "\n".join([*lines, "", f"{len(rows)} rows and sentences, {missing} with missing parts."])


def main() -> None:
    """Print the table of a file."""
    rows = compare(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(as_markdown(rows))
    sys.exit(any(row.missing for row in rows))


if __name__ == "__main__":
    main()
