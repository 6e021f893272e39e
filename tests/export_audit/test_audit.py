"""An audit says what share of an export is read, and what is not and why, and identifies nobody."""

import io
import json
import tomllib

import pandas as pd
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import b12labs
from b12labs import B12LabsError, audit
from b12labs.cli.main import main

HEADER = "patient,collected,test,result,unit,status,specimen,operator,sex\n"


def table(text):
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


def long(*lines):
    return table(HEADER + "\n".join(lines))


def accounted(found):
    """Tell whether used, not used, of other tests and missing are all there is."""
    return found.used + sum(found.not_used.values()) + found.other_tests + found.missing == found.results


MIXED = long(
    *[f"{number},2024-03-01,Vitamin B12,145,pg/mL,final,Serum,,F" for number in range(4)],
    *[f"{number},2024-03-02,Vitamin B12,145,pg per cup,final,Serum,,F" for number in range(3)],
    *[f"{number},2024-03-03,Vitamin B12,145,pg/mL,Edited,Serum,,F" for number in range(3)],
    *[f"{number},2024-03-04,Vitamin B12,145,pg/mL,final,Purple,,F" for number in range(3)],
    *[f"{number},2024-03-05,Vitamin B12,145,pg/mL,final,Serum,under,F" for number in range(3)],
    *[f"{number},2024-03-06,Homocystin,22,umol/L,final,Plasma,,F" for number in range(3)],
    *[f"{number},2024-03-07,Sodium,140,mmol/L,final,Serum,,F" for number in range(5)],
    *[f"{number},2024-03-08,MMA,,umol/L,final,Serum,,F" for number in range(3)],
    *[f"{number},2024-03-09,MMA,0.3,umol/L,cancelled,Serum,,F" for number in range(3)],
)


def test_every_result_is_used_or_named_with_its_reason():
    found = audit(MIXED)
    assert found.results == len(MIXED) == 30
    assert found.used == 4
    assert found.missing == 3
    assert found.other_tests == 5
    assert found.not_used == {
        "unknown_unit": 3,
        "unknown_status": 3,
        "unknown_specimen": 3,
        "unknown_operator": 3,
        "unknown_test": 3,
        "withdrawn_result": 3,
    }
    assert accounted(found)


def test_it_names_the_text_that_was_not_understood_with_its_rows_and_the_nearest_guess():
    found = audit(MIXED)
    unread = {(line.kind, line.text): line for line in found.lines if not line.is_understood}
    assert set(unread) == {
        ("test", "Homocystin"),
        ("unit", "pg per cup"),
        ("specimen", "Purple"),
        ("status", "Edited"),
        ("operator", "under"),
    }
    assert unread["test", "Homocystin"].near == "homocysteine"
    assert unread["unit", "pg per cup"].analyte == "b12"
    assert all(line.blamed == 3 for line in unread.values())


def test_what_was_cancelled_or_is_of_another_test_is_nothing_to_repair():
    clean = MIXED[MIXED.test.isin(["Sodium", "MMA"]) | (MIXED.collected == "2024-03-01")]
    found = audit(clean)
    assert found.not_used == {"withdrawn_result": 3}
    assert found.not_understood == 0
    assert found.is_complete


def test_it_says_which_columns_were_used_and_which_were_not():
    wide = table("patient,B12 [pg/mL],b12_flag,Homocystin [umol/L],age,clinic\nA,145,L,22,67,x\nB,300,,9,41,x\n")
    found = audit(wide)
    assert found.columns == {"b12": ("B12 [pg/mL]", "b12_flag"), "age": ("age",)}
    assert found.unused_columns == {"patient": "", "Homocystin [umol/L]": "homocysteine", "clinic": ""}
    assert found.used == 2
    assert found.not_used == {"unknown_test": 2}
    said = str(found)
    assert "Homocystin [umol/L] (homocysteine?)" in said
    assert "b12_flag" in found._repr_html_()


def test_a_table_of_which_no_column_is_recognized_is_answered_and_not_refused():
    found = audit(table("id,Homocystin\n1,22\n2,9\n"))
    assert found.results == 2
    assert found.used == 0


def test_a_value_that_states_another_unit_is_not_the_fault_of_the_columns_unit():
    found = audit(table("B12 [pg/mL]\n145 furlongs\n146 furlongs\n147 furlongs\n"))
    assert found.not_used == {"unknown_unit": 3}
    assert not [line for line in found.lines if line.kind == "unit" and not line.is_understood]


def test_a_file_without_a_header_does_not_show_its_first_patient():
    found = audit(table("4711,Zuckerkandl,1957-03-21,145\n4712,Meier,1960-01-01,300\n"))
    assert found.results == 0
    assert "Zuckerkandl" not in str(found) + found.to_mapping() + json.dumps(found.to_dict())
    assert found.rare == {"columns": (4, 4)}


def test_two_columns_of_one_analyte_are_counted_cell_by_cell():
    wide = table("B12 [pg/mL],B12 [pmol/L]\n145,\n,107\n,\n145,900\npending,107\n")
    found = audit(wide)
    assert found.results == 10
    assert found.used == 3
    assert found.missing == 5 + 0
    assert accounted(found)


LAYOUTS = {
    "SDTM": "USUBJID,LBTESTCD,LBTEST,LBORRES,LBORRESU,LBNRIND,LBSTAT,LBDTC\n"
    "S-1,VITB12,Vitamin B12,152,pg/mL,LOW,,2013-12-26\nS-1,FOLATE,Folate,,,,NOT DONE,2013-12-26\n"
    "S-1,ALB,Albumin,40,g/L,NORMAL,,2013-12-26\nS-1,HGB,Hemoglobin,14.3,cups,NORMAL,,2013-12-26\n",
    "OMOP": "person_id,measurement_date,measurement_source_value,value_as_number,unit_source_value\n"
    "17,2024-03-01,2132-9,150,pg/mL\n17,2024-03-01,787-2,,fL\n17,2024-03-01,3000593,1,x\n",
    "MIMIC": "subject_id,charttime,itemid,label,fluid,value,valuenum,valueuom\n"
    "9,2150-03-04 12:00:00,1,Vitamin B12,Blood,GREATER THAN 2000,,pg/mL\n"
    "9,2150-03-04 12:00:00,4,Creatinine,Urine,80,80,mg/dL\n",
    "semicolons": "patient;date;test;value;unit\n1;2024-01-01;B12;98,5;pmol/L\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_of_every_layout_all_rows_are_accounted_for(layout, tmp_path):
    path = tmp_path / "labs.csv"
    path.write_text(LAYOUTS[layout], encoding="utf-8")
    found = audit(path, decimal="," if layout == "semicolons" else None)
    assert found.results == LAYOUTS[layout].count("\n") - 1
    assert accounted(found)
    assert found.used == 1


CANARY = "Zuckerkandl"


def test_no_value_name_date_or_rare_text_is_in_any_form_of_it(tmp_path):
    rows = [
        f"{CANARY}{n},1957-01-0{n + 1},{CANARY if n < 2 else 'Vitamin B21'},{n}{CANARY},{CANARY if n < 2 else 'qq'},"
        f"{CANARY if n < 2 else ''},{CANARY if n < 2 else ''},{CANARY if n < 2 else ''},{CANARY if n < 2 else '1'}"
        for n in range(6)
    ]
    found = audit(long(*rows))
    forms = [str(found), found._repr_html_(), found.to_mapping(), json.dumps(found.to_dict()), repr(found)]
    assert all(CANARY not in form and "1957" not in form for form in forms)
    assert all("Vitamin B21" in form for form in forms)
    assert found.rare["test"] == (1, 2)
    assert CANARY in str(audit(long(*rows), rare=True))


def test_free_text_of_medicines_is_counted_and_not_shown():
    wide = pd.DataFrame({"B12 [pg/mL]": ["145"] * 4, "medicines": ["given by Dr Zuckerkandl", "X99ZZ01"] * 2 * 1})
    wide = pd.concat([wide, wide])
    found = audit(wide)
    assert "Zuckerkandl" not in str(found) + found.to_mapping()
    assert "X99ZZ01" in found.to_mapping()
    assert not found.is_complete


def filled_in(text, **words):
    """Fill a site mapping in as a person does: every guess is taken, and what has none is looked up."""
    for said, meant in words.items():
        text = text.replace(f'# "{said.replace("_", " ")}" = ""', f'"{said.replace("_", " ")}" = "{meant}"')
        text = text.replace(f'# "{said}" = "{meant}"', f'"{said}" = "{meant}"')
    return text


def test_the_mapping_that_it_writes_is_one_that_changes_nothing_until_it_is_filled_in(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(audit(MIXED).to_mapping(), encoding="utf-8")
    written = tomllib.loads(site.read_text(encoding="utf-8"))
    assert set(written) == {"columns", "tests", "codes", "operators"}
    assert not any(written.pop("codes").values())
    assert not any(written.values())
    assert audit(MIXED, mapping=site) == audit(MIXED)


def test_filled_in_the_mapping_has_the_rest_read(tmp_path):
    site = tmp_path / "site.toml"
    words = {
        "Homocystin": "homocysteine",
        "under": "<",
        "pg_per_cup": "pg/mL",
        "Purple": "plasma",
        "Edited": "corrected",
    }
    site.write_text(filled_in(audit(MIXED).to_mapping(), **words), encoding="utf-8")
    found = audit(MIXED, mapping=site)
    assert found.used == 4 + 15
    assert found.is_complete


TESTS = ("Vitamin B12", "2132-9", "MMA", "Homocystin", "Sodium", "Hämoglobin", "尿WBC", "", "NA")
UNITS = ("pg/mL", "umol/L", "g/dL", "pg per cup", "", "K/uL")
LINE = st.tuples(
    st.sampled_from(("A", "B", "")),
    st.sampled_from(("2024-03-01", "2024-03-01T08:30", "01.03.2024", "")),
    st.sampled_from(TESTS),
    st.sampled_from(("145", "<150", "", "NA", "0.3", "pending", "9x", "normal", "1e9", "-")),
    st.sampled_from(UNITS),
    st.sampled_from(("final", "cancelled", "preliminary", "Edited", "")),
    st.sampled_from(("Serum", "Urine", "Purple", "")),
    st.sampled_from(("<", "under", "")),
    st.sampled_from(("F", "1", "")),
)


@settings(max_examples=60)
@given(st.lists(LINE, max_size=12))
def test_of_any_long_table_used_reported_and_missing_are_all_rows(lines):
    frame = pd.DataFrame(lines, columns=HEADER.strip().split(","), dtype=str)
    found = audit(frame, rare=True)
    assert found.results == len(lines)
    assert accounted(found)
    assert "" not in found.outcomes
    used = int(b12labs.to_draws(frame).used.sum()) if len(lines) else 0
    assert found.used <= used
    tests = [line for line in found.lines if line.kind == "test"]
    assert sum(line.used for line in tests) == found.used


CELL = st.sampled_from(("145", "<150", "", "NA", "0.3", "pending", "9x", "normal", "1e9", "145 pg/mL", "14 g/dL"))


@settings(max_examples=60)
@given(st.lists(st.tuples(CELL, st.sampled_from(UNITS), CELL, CELL), max_size=10))
def test_of_any_wide_table_used_reported_and_missing_are_all_cells_of_results(rows):
    frame = pd.DataFrame(rows, columns=["B12", "b12_unit", "Hb [g/dL]", "Homocystin [umol/L]"], dtype=str)
    found = audit(frame, rare=True)
    assert found.results == 3 * len(rows)
    assert accounted(found)


def test_a_file_and_a_table_of_any_library_are_counted_alike(tmp_path):
    file = tmp_path / "labs.csv"
    MIXED.to_csv(file, index=False)
    expected = audit(MIXED)
    for export in (file, [file], polars.from_pandas(MIXED), polars.from_pandas(MIXED).to_arrow()):
        found = audit(export)
        assert (found.outcomes, found.lines) == (expected.outcomes, expected.lines)


def test_a_folder_of_several_tables_is_read_whole(tmp_path):
    MIXED[:10].to_csv(tmp_path / "a.csv", index=False)
    MIXED[10:].to_csv(tmp_path / "b.csv", index=False)
    (tmp_path / "c.csv").write_text("B12 [pg/mL]\n145\n", encoding="utf-8")
    (tmp_path / "d.csv").write_bytes(b"B12 [pg/mL]\n\xff\n")
    found = audit(tmp_path)
    assert found.results == 31
    assert found.besides == {"unreadable_file": 1}


def test_the_command_writes_the_mapping_once_and_stops_a_pipeline(capsys, tmp_path):
    file, site = tmp_path / "labs.csv", tmp_path / "site.toml"
    MIXED.to_csv(file, index=False)
    assert main(["audit", str(file), "--mapping-out", str(site), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["results"], said["used"], said["missing"], said["other_tests"]) == (30, 4, 3, 5)
    assert "Homocystin" in site.read_text(encoding="utf-8")
    assert main(["audit", str(file), "--mapping-out", str(site)]) == 2
    assert "already exists" in capsys.readouterr().err
    assert main(["audit", str(file), "--strict"]) == 2
    told = capsys.readouterr()
    assert "Not understood: units" in told.out
    assert "15 results not used" in told.err
    MIXED[:4].to_csv(file, index=False)
    assert main(["audit", str(file), "--strict"]) == 0


@pytest.mark.parametrize("export", [3, None, "no/such/file.csv"])
def test_what_is_no_export_is_refused(export):
    with pytest.raises((B12LabsError, OSError)):
        audit(export)
