"""Every row and sentence of the bedside tables that the project was given is said, where the file is present."""

from validation.bedside_tables import compare


def test_every_row_and_sentence_is_said(shared_file):
    rows = compare(shared_file("clinical/symptoms.md").read_text(encoding="utf-8"))
    assert len(rows) > 150
    assert [(row.section, row.text, row.missing) for row in rows if row.missing] == []


TABLE = """## Other causes

Fatigue
| cause | what speaks for it | against B12 | next test | usual treatment | source |
|---|---|---|---|---|---|
| sleep apnea | {sign} | | sleep history | sleep care | [general] |
| low mood | joyless | | | | |
| flu | fever | | | | |
| iron deficiency | bleeding | | | | |
| thyroid | | | | | |
| low B12 | sore tongue | | | | |

{prose}
"""


def test_what_is_not_said_is_found():
    """So that the test above can fail: a sign, and a sentence, that nothing says."""
    assert not any(row.missing for row in compare(TABLE.format(sign="snoring", prose="Early treatment decides.")))
    lacking = [row.missing for row in compare(TABLE.format(sign="levitation", prose="Bones turn to glass."))]
    assert [text for text in lacking if text] == ["levitation", "no counterpart is listed"]


def test_a_word_that_fits_nothing_of_what_it_should_is_found():
    table = (
        "## Words\n| feature | word | other words | fits | source |\n|---|---|---|---|---|\n| place | {} | | {} | |\n"
    )
    assert not any(row.missing for row in compare(table.format("legs", "b12_neuropathy; one leg: sciatica")))
    assert compare(table.format("legs", "osteoarthritis"))[0].missing == "legs: not osteoarthritis"
    assert compare(table.format("elsewhere", "sciatica"))[0].missing == "elsewhere is not known"
