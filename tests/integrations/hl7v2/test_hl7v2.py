"""HL7 v2 messages: every OBX is used or reported, and a message says what the same panel says as keywords."""

import contextlib
import doctest
import importlib.util
import json
import string

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import B12LabsError, SiteMapping, interpret
from b12labs.integrations import hl7v2
from b12labs.integrations.hl7v2 import HL7Error, PatientContext, segments
from b12labs.reference import analytes
from tests.conftest import ROOT
from tests.strategies import patients
from tests.strategies import results as panels

MSH = r"MSH|^~\&|LAB|HOSP|ENGINE|HOSP|20240301120000||ORU^R01^ORU_R01|42|P|2.5.1"
PID = "PID|1||1234^^^HOSP^MR||TEST^PATIENT||19570321|F"
OBR = "OBR|1|||B12 panel|||20240301083000"
B12 = "2132-9^Vitamin B12^LN"
MMA = "13964-2^Methylmalonic acid^LN"


def obx(value="145", kind="NM", test=B12, unit="pg/mL", reference="", flag="", status="F", when="", sub=""):
    return f"OBX|1|{kind}|{test}|{sub}|{value}|{unit}|{reference}|{flag}|||{status}|||{when}"


def message(*lines, head=(MSH, PID, OBR), end="\r"):
    return end.join([*head, *lines]) + end


def read(*lines, head=(MSH, PID, OBR), **options):
    return hl7v2.read(message(*lines, head=head), **options)


def codes(found):
    return [(place, problem.code) for place, problem in found]


def only(found, key="b12"):
    (draw,) = found.draws
    return draw.panel.results[key]


def test_the_example_of_the_module_runs():
    failed, tried = doctest.testmod(hl7v2)
    assert (failed, tried > 6) == (0, True)


@pytest.mark.parametrize(
    ("kind", "value", "low", "high"),
    [
        ("NM", "145", 145, 145),
        ("NM", "145.00", 145, 145),
        ("NM", "<150", 0, 150),
        ("NM", "> 2000", 2000, float("inf")),
        ("SN", "<^150", 0, 150),
        ("SN", "<=^150", 0, 150),
        ("SN", ">^2000", 2000, float("inf")),
        ("SN", "=^145", 145, 145),
        ("SN", "^145", 145, 145),
        ("SN", "145", 145, 145),
        ("SN", "<150", 0, 150),
        ("ST", "<150", 0, 150),
        ("ST", "145 pg/mL", 145, 145),
        ("TX", "145", 145, 145),
        ("TX", "<~150", 0, 150),
        ("FT", r"145\.br\pg/mL", 145, 145),
        ("ST", r"\X3C\150", 0, 150),
        ("", "145", 145, 145),
    ],
)
def test_values_are_read_as_their_types_print_them(kind, value, low, high):
    measured = only(read(obx(value, kind)))
    assert (measured.low, measured.high) == (pytest.approx(low, rel=1e-8), pytest.approx(high, rel=1e-8))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("SN", "^100^-^200"),
        ("SN", "^1^:^80"),
        ("SN", "^145^/^1"),
        ("SN", "^145^+"),
        ("SN", "<>^145"),
        ("SN", "<"),
        ("NM", "145~150"),
        ("NM", "145^pg/mL"),
        ("NM", r"1\Z9\45"),
        ("NM", "-145"),
        ("NM", "145,5"),
        ("ST", "UNABLE TO REPORT"),
        ("ST", "14~5"),
        ("CE", "145^145"),
        ("CE", "10828004"),
        ("CWE", "145"),
        ("CWE", "NEG^No antibodies^L"),
        ("CWE", "POS^Negative^L"),
        ("ED", "LAB^PDF^^Base64^MTQ1"),
        ("TS", "20240301"),
        ("n0n", "145"),
    ],
)
def test_what_is_no_result_of_one_number_is_reported_with_its_place(kind, value):
    found = read(obx("0.3", test=MMA, unit="umol/L"), obx(value, kind))
    assert list(found.draws[0].panel.results) == ["mma"]
    ((place, problem),) = found.problems
    assert (place, problem.field) == ("OBX 2", "b12")


@pytest.mark.parametrize("value", ["", '""', "~", '""~""', "NA"])
def test_no_value_and_the_null_of_hl7_are_no_result(value):
    for kind in ("NM", "SN", "ST", "CWE", "ED"):
        assert {problem.code for _, problem in read(obx(value, kind)).problems} <= {"no_result", "unreadable_value"}
        assert read(obx(value, kind), obx("0.3", test=MMA, unit="umol/L")).draws[0].sources == {"mma": "OBX 2"}


@pytest.mark.parametrize(
    "value",
    ["POS^Positive^L", "^Positive", "260373001^Detected^SCT^POS^Positive^L", "Positive", "x^positive^L^^^^^^Positive"],
)
def test_coded_words_are_read_by_their_text(value):
    found = read(obx(value, "CWE", test="IFAB^Intrinsic factor antibody^L", unit=""))
    assert only(found, "intrinsic_factor_antibody").flag == "high"


@pytest.mark.parametrize(
    ("unit", "read_as"),
    [
        ("pg/mL", "pg/mL"),
        ("pg/mL^picogram per milliliter^UCUM", "pg/mL"),
        ("17^pg/mL^L", "pg/mL"),
        ("ng/L^pg/mL", "ng/L"),
        ("^pg/mL", "pg/mL"),
        ("x^^^pg/mL^^UCUM", "pg/mL"),
    ],
)
def test_a_unit_is_found_among_its_components(unit, read_as):
    assert only(read(obx(unit=unit))).unit == read_as


@pytest.mark.parametrize("unit", ["pg/mL^pmol/L", "", '""', "furlong", "^^"])
def test_units_that_contradict_each_other_or_are_none_are_refused(unit):
    assert codes(read(obx(unit=unit)).problems) in ([("OBX 1", "unknown_unit")], [("OBX 1", "missing_unit")])


@pytest.mark.parametrize("unit", ["10*9/L", r"10\S\9/L", "10^9/L", "x10^9/L", "10*9/L^10^9/L^UCUM"])
def test_powers_of_ten_are_read_with_and_without_escape(unit):
    assert only(read(obx("250", test="777-3^Platelets^LN", unit=unit)), "platelets").low == 250


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("180-914", 180, 914),
        ("180 - 914", 180, 914),
        ("180–914", 180, 914),
        ("180 − 914 pg/mL", 180, 914),
        ("(180-914)", 180, 914),
        ("<914", None, 914),
        ("<= 914", None, 914),
        ("≤914", None, 914),
        (">180", 180, None),
        (">=180", 180, None),
    ],
)
def test_reference_intervals(text, low, high):
    found = read(obx(reference=text))
    assert (only(found).reference_low, only(found).reference_high) == (low, high)
    assert found.notes == ()


@pytest.mark.parametrize("text", ["F: 180-914", "see note", "180-914 pmol/L", "180--914", "180^914", "-5-10", "180-"])
def test_a_reference_interval_in_words_is_noted_and_the_result_used(text):
    found = read(obx(reference=text))
    assert (only(found).low, only(found).reference_low, only(found).reference_high) == (145, None, None)
    assert codes(found.notes) == [("OBX 1", "reference_not_used")]


@pytest.mark.parametrize(
    ("flag", "meant", "noted"),
    [
        ("L", "low", []),
        ("LL~A", "low", []),
        ("H^High^HL70078", "high", []),
        ("N", "normal", []),
        ('""', None, []),
        ("A", None, ["flag_not_used"]),
        ("H~L", None, ["flag_not_used"]),
        ("N~A", None, ["flag_not_used"]),
    ],
)
def test_flags(flag, meant, noted):
    found = read(obx(flag=flag))
    assert (only(found).low, only(found).flag) == (145, meant)
    assert [problem.code for _, problem in found.notes] == noted


def test_a_flag_of_the_instruments_scale_is_never_lost():
    assert only(read(obx("150", flag="<"))).low == 0
    for flag in ("L~<", "<~L", "N~<", "A~<", "<~<"):
        assert (only(read(obx("150", flag=flag))).low, codes(read(obx("150", flag=flag)).notes)) == (0, [])
    assert (only(read(obx("<150", flag="L~<"))).low, only(read(obx("<150", flag="L~<"))).flag) == (0, "low")
    assert (
        codes(read(obx("150", flag=">~<")).notes)
        == codes(read(obx(">2000", flag="L~<")).notes)
        == [("OBX 1", "flag_not_used")]
    )


@pytest.mark.parametrize("status", ["F", "", "C", "A", "V", "U"])
def test_final_and_corrected_results_are_used(status):
    assert only(read(obx(status=status))).low == 145


@pytest.mark.parametrize("status", ["P", "S", "R", "I"])
def test_preliminary_results_are_used_when_asked_for(status):
    assert codes(read(obx(status=status)).problems) == [("OBX 1", "preliminary_result")]
    assert only(read(obx(status=status), use_preliminary=True)).low == 145


@pytest.mark.parametrize("status", ["D", "W", "X", "N", "O", "B", "Z"])
def test_other_results_are_never_used(status):
    found = read(obx(status=status), use_preliminary=True)
    assert found.draws == ()
    assert codes(found.problems) in ([("OBX 1", "withdrawn_result")], [("OBX 1", "unknown_status")])


@pytest.mark.parametrize(
    ("order", "code"),
    [("F", None), ("P", "preliminary_result"), ("A", "preliminary_result"), ("X", "withdrawn_result")],
)
def test_a_result_without_a_status_has_that_of_its_order(order, code):
    found = read(obx(status=""), head=(MSH, PID, f"{OBR}||||||||||||||||||{order}"))
    assert [problem.code for _, problem in found.problems] == ([code] if code else [])


ORDER = "OBR|1|P77|F88|B12|||{}"


@pytest.mark.parametrize("later", [obx("", status="D"), obx(status="W"), obx(status="X"), obx('""', status="C")])
@pytest.mark.parametrize("when", ["20240301083000", "20240309"])
def test_a_result_that_a_later_message_withdraws_is_not_used(later, when):
    first, second = (
        message(line, head=(MSH, PID, ORDER.format(day))) for line, day in ((obx(), "20240301083000"), (later, when))
    )
    found = hl7v2.read([first, second])
    assert found.draws == ()
    assert [place for place, _ in found.problems] == ["message 1 OBX 1", "message 2 OBX 1"]
    assert found.problems[0][1].code == "withdrawn_result"
    assert hl7v2.read([first, second.replace("1234", "4321")]).draws[0].sources == {"b12": "message 1 OBX 1"}
    assert hl7v2.read([second, first]).draws[0].sources == {"b12": "message 2 OBX 1"}


def test_an_order_that_was_cancelled_as_a_duplicate_takes_nothing_from_the_one_that_was_carried_out():
    again = ORDER.replace("P77", "P78").replace("F88", "F89")
    first, second = (
        message(line, head=(MSH, PID, head.format("20240301083000")))
        for line, head in ((obx(), ORDER), (obx("", status="X"), again))
    )
    found = hl7v2.read([first, second])
    assert only(found).low == 145
    assert codes(found.problems) == [("message 2 OBX 1", "withdrawn_result")]
    assert hl7v2.read([first, second.replace("F89", "F88")]).draws == ()
    assert hl7v2.read([first, second.replace("|P78|F89|", "|||")]).draws == ()
    assert hl7v2.read([first.replace("|P77|F88|", "|||"), second]).draws == ()


def test_a_withdrawal_without_an_order_number_is_of_the_same_time():
    assert read(obx(), obx(status="W")).draws == ()
    assert only(read(obx(), obx(status="W", when="20240305"))).low == 145


def test_a_correction_takes_the_place_of_a_result_also_where_its_time_was_wrong():
    assert only(read(obx(), obx("410", status="C"))).low == 410
    first, second = (
        message(line, head=(MSH, PID, ORDER.format(day)))
        for line, day in ((obx(), "20240301"), (obx("410", status="C"), "20240209"))
    )
    found = hl7v2.read([first, second])
    assert only(found).low == 410
    assert codes(found.problems) == [("message 1 OBX 1", "superseded_result")]


def test_the_time_is_of_the_observation_or_else_of_its_order_and_in_the_messages_zone():
    assert read(obx(when="20240305")).draws[0].time == "2024-03-05"
    assert read(obx(when='""')).draws[0].time == "2024-03-01T08:30:00"
    assert read(obx(when="202403050810+0200")).draws[0].time == "2024-03-05T08:10+02:00"
    assert read(obx(when="2024030508")).draws[0].time == "2024-03-05T08:00"
    zoned = MSH.replace("20240301120000", "20240301120000.0000-0500")
    found = read(obx(), obx("0.3", test=MMA, unit="umol/L", when="20240301"), head=(zoned, PID, OBR))
    assert [(draw.time, list(draw.sources)) for draw in found.draws] == [("2024-03-01T00:00-05:00", ["b12", "mma"])]
    assert read(obx(when="202403")).draws[0].time == "2024-03"
    for bad in ("20241301", "March", "2024030125"):
        assert codes(read(obx(when=bad)).problems) == [("OBX 1", "unreadable_time")]
    assert codes(read(obx(), head=(MSH, PID)).problems) == [("OBX 1", "unreadable_time")]


def test_several_orders_and_patients_are_kept_apart():
    other = "PID|2||99||||20230901|M"
    found = read(
        obx(),
        OBR.replace("OBR|1", "OBR|2"),
        obx("0.3", test=MMA, unit="umol/L"),
        "ORC|RE",
        OBR.replace("0301", "0401"),
        obx("200"),
        other,
        OBR,
        obx("90"),
    )
    assert [(draw.patient, draw.sources) for draw in found.draws] == [
        ("1234^^^HOSP", {"b12": "OBX 1", "mma": "OBX 2"}), ("1234^^^HOSP", {"b12": "OBX 3"}), ("99", {"b12": "OBX 4"}),
    ]  # fmt: skip
    assert [(draw.panel.age, draw.panel.sex) for draw in found.draws] == [
        (66.0, "female"),
        (67.0, "female"),
        (0.5, "male"),
    ]


def test_one_number_of_two_authorities_is_two_patients():
    assert len(read(obx(), PID.replace("HOSP", "OTHER"), OBR, obx("200")).draws) == 2
    by_number = [PID.replace("HOSP", f"&1.2.{number}&ISO") for number in (3, 4)]
    found = read(obx(), by_number[1], OBR, obx("0.3", test=MMA, unit="umol/L"), head=(MSH, by_number[0], OBR))
    assert [(draw.patient, list(draw.sources)) for draw in found.draws] == [
        ("1234^^^1.2.3", ["b12"]),
        ("1234^^^1.2.4", ["mma"]),
    ]


def test_a_result_whose_patient_is_not_said_is_not_used():
    for pid in ("PID|1", "PID|1||^^^HOSP", 'PID|1||""'):
        assert codes(read(obx(), head=(MSH, pid, OBR)).problems) == [("OBX 1", "missing_patient")]
    assert codes(read(obx(), head=(MSH, OBR)).problems) == [("OBX 1", "missing_patient")]
    assert read(obx(), head=(MSH, "PID|1|EXT7||||||F", OBR)).draws[0].patient == "EXT7"


@pytest.mark.parametrize(
    ("said", "sex"),
    [("F", "female"), ("M^Male^HL70001", "male"), ("O", None), ("A", None), ("N", None), ("", None), ("U", None)],
)
def test_sex(said, sex):
    panel = read(obx(), head=(MSH, f"PID|1||7|||||{said}", OBR)).draws[0].panel
    assert (panel.sex, panel.problems) == (sex, ())


def test_what_pid_segments_say_differently_is_not_known():
    found = read(obx(), "PID|1||1234^^^HOSP||||19580321|M", OBR, obx("0.3", test=MMA, unit="umol/L"))
    (draw,) = found.draws
    assert (draw.panel.age, draw.panel.age_unreadable, draw.panel.sex) == (None, True, None)
    assert {"conflicting_sex", "conflicting_age"} <= {problem.code for problem in draw.problems}


def test_a_birth_year_alone_is_reported():
    panel = read(obx(), head=(MSH, "PID|1||7||||1957", OBR)).draws[0].panel
    assert [problem.code for problem in panel.problems] == ["unreadable_birth_date"]


def test_what_the_message_does_not_say_is_taken_from_the_context_given():
    who = PatientContext(birth_date="1999-01-01", sex="male", terms=frozenset({"metformin"}), pregnant="no")
    for context in (who, {"1234^^^HOSP": who}):
        panel = read(obx(), context=context).draws[0].panel
        assert (panel.age, panel.sex, panel.terms) == (66.0, "female", {"metformin"})
    assert read(obx(), head=(MSH, "PID|1||1234", OBR), context=who).draws[0].panel.sex == "male"


@pytest.mark.parametrize(
    ("extra", "used"),
    [
        ("SPM|1|||SER^Serum^HL70487", True),
        ("SPM|1|||BLDV^^HL70487", True),
        ("SPM|1|||119364003^Serum specimen^SCT", True),
        ("SPM|1|||UR^Urine^HL70487", False),
        ("SPM|1|||CSF^Cerebral spinal fluid^HL70487", False),
    ],
)
def test_a_result_of_another_specimen_is_not_used(extra, used):
    for lines in (
        (extra, obx("1.0", test="CREA^Creatinine^L", unit="mg/dL")),
        (obx("1.0", test="CREA^Creatinine^L", unit="mg/dL"), extra),
    ):
        found = read(*lines)
        assert codes(found.problems) == ([] if used else [("OBX 1", "other_specimen")])
    two = read("SPM|1|||SER^Serum", obx(), "SPM|2|||CSF^Fluid")
    assert codes(two.problems) == [("OBX 1", "unknown_specimen")]
    assert read("SPM|1|||SER^Serum", obx(), "SPM|2|||BLD^Blood", head=(MSH, PID, f"{OBR}||||||||tube")).draws[
        0
    ].sources == {"b12": "OBX 1"}
    old = read(obx("1.0", test="CREA^Creatinine^L", unit="mg/dL"), head=(MSH, PID, f"{OBR}||||||||UR&Urine&HL70070"))
    assert codes(old.problems) == [("OBX 1", "other_specimen")]


def test_local_codes_need_a_mapping_and_loinc_codes_of_other_tests_are_not_taken_by_their_name(tmp_path):
    tests = [
        "4711^Vit. B zwoelf^L",
        "HB^Hepatitis B surface antigen^L",
        "2161-8^Creatinine^LN",
        "99-9^Creatinine^LN",
        "B12",
    ]
    lines = [obx(test=test) for test in tests]
    found = read(*lines)
    assert codes(found.problems) == [(f"OBX {place}", "not_an_analyte") for place in range(1, 5)]
    assert found.draws[0].sources == {"b12": "OBX 5"}
    site = tmp_path / "site.toml"
    site.write_text('decimal = ","\n[tests]\n"4711" = "b12"\n[units]\nb12 = "pmol/L"\n', encoding="utf-8")
    assert only(read(obx("98,5", test=tests[0], unit=""), mapping=site)).given == "98,5 pmol/L"


def test_comments_are_notes_of_what_stands_before_them():
    found = read(
        "NTE|1||fasting",
        obx(),
        r"NTE|1|L|slightly\.br\hemolyzed~repeat",
        obx("140", test="2951-2^Sodium^LN"),
        "NTE|1||of no matter",
    )
    assert [(place, note.message) for place, note in found.notes] == [
        ("OBR 1", "fasting"),
        ("OBX 1", "slightly\nhemolyzed repeat"),
    ]


def test_a_segment_that_is_not_known_is_reported_and_a_message_that_goes_on_is_incomplete():
    found = read(obx(), "OBY|1|NM", "ZZZ|1", "DSC|7|F")
    assert codes(found.problems) == [("segment 5", "unknown_segment")]
    assert found.incomplete
    assert not read(obx()).incomplete


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize(
    "frame", ["{}", "\x0b{}\x1c\r", "\ufeff{}", "\n\n {}\n\n", "FHS|^~\\&\rBHS|^~\\&\r{}BTS|1\rFTS|1\r"]
)
def test_line_ends_and_frames(end, frame):
    text = frame.format(message(obx(), obx("0.3", test=MMA, unit="umol/L"), end=end))
    for given_as in (text, text.encode()):
        assert hl7v2.read(given_as).draws[0].sources == {"b12": "OBX 1", "mma": "OBX 2"}


def test_line_ends_inside_a_text_do_not_lose_what_follows():
    found = read(obx("<\n150", "TX"), obx("low\n|", "ST", test=MMA, unit=""))
    assert only(found).high == pytest.approx(150)
    for text in ("one\ntwo", "one\nTWOFOLD dilution", "one\n\n  two"):
        assert " ".join(read(f"NTE|1||{text}").notes[0][1].message.split()) == " ".join(text.split())


_TWO_PATIENTS = (
    MSH, "PID|1||1", OBR, "OBX|1|NM|718-7^Hb^LN||104|g/L|||||F", "NTE|1||ok",
    "PID|2||2", "OBR|1|P2|F2|X|||20190101083000", "OBX|1|NM|2132-9^B12^LN||90|pg/mL|||||F",
)  # fmt: skip
_BLANKS = (" ", "  ", "\t", "\u00a0", "\ufeff", "\u200b")
_SIGNS = ('"', "'", "-", "* ", ">", "\u2022", "1 ")


@pytest.mark.parametrize("name", ["PID", "OBR", "OBX", "NTE"])
@pytest.mark.parametrize("blank", _BLANKS)
def test_blanks_around_the_name_of_a_segment_make_no_other_segment_of_it(name, blank):
    expected = hl7v2.read("\r".join(_TWO_PATIENTS))
    assert [(draw.patient, set(draw.sources)) for draw in expected.draws] == [("1", {"hemoglobin"}), ("2", {"b12"})]
    for padded in (f"{name}{blank}", f"{blank}{name}", f"{blank}{name}{blank}"):
        found = hl7v2.read("\r".join(_TWO_PATIENTS).replace(f"\r{name}|", f"\r{padded}|"))
        assert (found.draws, found.problems) == (expected.draws, expected.problems)


@pytest.mark.parametrize("name", ["PID", "OBX", "OBR", "NTE", "PV1"])
@pytest.mark.parametrize("sign", _SIGNS)
def test_a_line_that_looks_like_a_segment_is_never_the_text_of_another(name, sign):
    lines = [*_TWO_PATIENTS, "PV1|1|I"]
    misspelled = (f"{name[0]} {name[1:]}|", f"{name.replace('O', '0').replace('I', '1')}|")
    others = (each for each in misspelled if each != f"{name}|")
    for marked in (f"{sign}{name}|", f"{name}{sign}|", f"{sign}{name} {sign}|", *others):
        with pytest.raises(HL7Error) as refused:
            hl7v2.read("\r".join(lines).replace(f"\r{name}|", f"\r{marked}"))
        assert refused.value.code == "segment_name"


@pytest.mark.parametrize("end", ["", " ", "\\r", "<CR>", "\x85", "\u2028", "\x0b", "\x1e"])
def test_a_message_whose_line_ends_were_lost_is_refused(end):
    with pytest.raises(HL7Error, match="within another segment"):
        hl7v2.read(end.join(_TWO_PATIENTS))


def test_a_line_end_within_a_field_that_is_no_text_is_told():
    found = hl7v2.read("\r".join(_TWO_PATIENTS).replace("pg/mL", "pg/\nmL"))
    assert [set(draw.sources) for draw in found.draws] == [{"hemoglobin"}]
    assert [(place, problem.code) for place, problem in found.problems] == [("OBX 2", "broken_segment")]
    found = hl7v2.read("\r".join([*_TWO_PATIENTS, "PV1|1|I", "ward 7"]))
    assert [(place, problem.code) for place, problem in found.problems] == [("segment 9", "broken_segment")]
    with pytest.raises(HL7Error, match="PID-3"):
        hl7v2.read("\r".join(_TWO_PATIENTS).replace("PID|2||2", "PID|2||2\n3"))


def test_a_message_by_specimen_gives_each_order_the_specimen_before_it():
    segments = [
        MSH.replace("ORU^R01^ORU_R01", "OUL^R22^OUL_R22"), "PID|1||7",
        "SPM|1|||SER^Serum^HL70487", OBR, obx(), "SPM|2|||UR^Urine^HL70487", OBR, obx("2", test=MMA, unit="umol/L"),
    ]  # fmt: skip
    found = hl7v2.read("\r".join(segments))
    assert [(draw.patient, set(draw.panel.results)) for draw in found.draws] == [("7", {"b12"})]
    assert [(place, problem.code) for place, problem in found.problems] == [("OBX 2", "other_specimen")]


@pytest.mark.parametrize("kind", ["ORU^R30^ORU_R30", "ORU^R01", "ORU"])
def test_results_from_the_bedside_are_results(kind):
    text = message(obx(), head=(MSH.replace("ORU^R01^ORU_R01", kind), PID, OBR))
    assert hl7v2.read(text).draws[0].sources == {"b12": "OBX 1"}


@pytest.mark.parametrize("kind", ["OUL^R21", "OML^O21", "ADT^A01", "ACK"])
def test_other_messages_are_refused_by_what_was_expected(kind):
    with pytest.raises(HL7Error, match="OUL\\^R22"):
        hl7v2.read(message(obx(), head=(MSH.replace("ORU^R01^ORU_R01", kind), PID, OBR)))


def test_the_text_of_a_note_may_begin_with_the_name_of_a_segment():
    found = hl7v2.read("\r".join(_TWO_PATIENTS).replace("NTE|1||ok", "NTE|1||see\nPID controller, OBX 4"))
    assert [draw.patient for draw in found.draws] == ["1", "2"]
    assert not found.problems


def test_a_message_that_follows_is_never_read_as_text_of_the_one_before():
    other = message(
        obx("0.3", test=MMA, unit="umol/L"),
        head=(MSH.replace("|^~\\&|", "|$%/*|").replace("^", "$").replace("$%/*|", "$%!*|", 1), "PID|1||77", OBR),
    ).replace("^", "$")
    for joint in ("", "\n", "\r\n", "\x1c\r\x0b"):
        found = hl7v2.read(message(obx()) + joint + other)
        assert [(draw.patient, draw.sources) for draw in found.draws] == [
            ("1234^^^HOSP", {"b12": "message 1 OBX 1"}),
            ("77", {"mma": "message 2 OBX 1"}),
        ]


@pytest.mark.parametrize("signs", ["^~\\&", "^~\\&#", "$%!*", "@:;?"])
def test_any_delimiters_that_can_be_told_apart(signs):
    text = message(obx("<^150", "SN"), obx("POS^Positive", "CE", test="^Intrinsic factor antibody", unit=""))
    for old, new in zip("^~\\&", signs, strict=False):
        text = text.replace(old, new)
    text = text.replace(f"MSH|{signs[:4]}", f"MSH|{signs}")
    found = hl7v2.read(text.replace("|", "#") if "#" not in signs else text)
    assert list(found.draws[0].panel.results) == ["b12", "intrinsic_factor_antibody"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_message"),
        ("PID|1||7", "not_a_message"),
        ("PID|1||7\rMSH|^~\\&|", "not_a_message"),
        ("MSH", "not_a_message"),
        ("MSH|", "delimiters"),
        ("MSH|^~|LAB", "delimiters"),
        ("MSH|^^\\&|LAB", "delimiters"),
        ("MSH|^~\\||LAB", "delimiters"),
        ("MSH|^~\\&#!|LAB", "delimiters"),
        ("MSH|^~\\a|LAB", "delimiters"),
        ("MSH|^.\\&|LAB", "delimiters"),
        ("MSH|^<\\&|LAB", "delimiters"),
        (MSH.replace("ORU^R01^ORU_R01", "ADT^A01"), "wrong_message"),
        (MSH.replace("ORU^R01^ORU_R01", ""), "wrong_message"),
        (f"{MSH}\robx|1|NM", "segment_name"),
        (f"{MSH}\r\ud800", "undecodable"),
        (None, "not_a_message"),
        (7, "not_a_message"),
    ],
)
def test_what_is_no_message_of_results_is_refused(text, code):
    with pytest.raises(HL7Error) as caught:
        hl7v2.read([text])
    assert caught.value.code == code


def test_character_sets():
    def named(charset, name="Müller", encoding="utf-8"):
        head = f"{MSH}||||||{charset}"
        return message(f"NTE|1||{name}", obx(), head=(head, PID, OBR)).encode(encoding)

    for charset, encoding in (
        ("", "utf-8"),
        ("UNICODE UTF-8", "utf-8"),
        ("8859/1", "latin-1"),
        ("8859/15~UNICODE", "iso8859-15"),
    ):
        assert hl7v2.read(named(charset, encoding=encoding)).notes[0][1].message == "Müller"
    for charset, encoding, code in (
        ("", "latin-1", "undecodable"),
        ("ASCII", "utf-8", "undecodable"),
        ("ISO IR87", "utf-8", "unknown_charset"),
    ):
        with pytest.raises(HL7Error) as caught:
            hl7v2.read(named(charset, encoding=encoding))
        assert caught.value.code == code
        assert "M" not in caught.value.message.replace("MSH", "")
    assert hl7v2.read(named("ISO IR87").decode()).notes[0][1].message == "Müller"
    assert hl7v2.read(named("8859/1", r"M\XFC\ller")).notes[0][1].message == "Müller"
    assert (
        hl7v2.read(named("", r"M\XC3BC\ller \XFF\ \Q\ a\T\b\F\c\R\d\E\e\S\f \H\g\N\ ")).notes[0][1].message
        == r"Müller \XFF\ \Q\ a&b|c~d\e^f g"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{MSH}\r" + "A" * segments.MAX_BYTES,
        f"{MSH}\r" + "ZZZ|1\r" * (segments.MAX_SEGMENTS + 1),
        f"{MSH}\rOBX|" + "|" * (segments.MAX_FIELDS + 1),
        message(obx("~" * 200_000)),
        message(obx("^" * 200_000, "SN")),
        message(obx(test="^" * 200_000)),
    ],
)
def test_floods_are_refused(text):
    with pytest.raises(HL7Error) as caught:
        hl7v2.read(text)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    "text",
    [
        f"{MSH}\r" + "x\n" * 900_000,
        f"{MSH}\r" + "\\" * 1_900_000,
        "FHS" * 600_000 + "\rx\r" + MSH,
        "\t" * 1_900_000 + MSH,
        message(*[obx(status="W", when=f"2024030108{place % 60:02d}") for place in range(9_000)]),
        message(*[obx(str(place), status="C", when=f"20240301{place % 24:02d}") for place in range(9_000)]),
        message(obx("\\X" + "41" * 400_000 + "\\", "ST")),
        message(obx("9" * 400_000)),
    ],
)
def test_hostile_texts_are_read_or_refused(text):
    # What would grow with the square of such a text does not come to an end.
    with contextlib.suppress(B12LabsError):
        assert all(problem.code for _, problem in hl7v2.read(text).problems)


# The same panel as a message


def as_obx(key, printed):
    number, _, unit = printed.partition(" ")
    code = next(iter(analytes()[key].loinc), "")
    test = f"{code}^{analytes()[key].name}^LN" if code else f"^{analytes()[key].name}"
    unit = unit.replace("^", r"\S\ ".strip())
    if number[0] in "<>":
        sign = number[: 2 if number[1] == "=" else 1]
        return obx(f"{sign}^{number[len(sign) :]}", "SN", test, unit)
    return obx(number, "NM" if number[0].isdigit() else "ST", test, unit)


def as_message(values, birth="19570301", sex="F"):
    return message(
        *(as_obx(key, printed) for key, printed in values.items()), head=(MSH, f"PID|1||7||||{birth}|{sex}", OBR)
    )


@given(panels(min_size=1), st.sampled_from(["female", "male"]), patients())
def test_a_panel_as_a_message_and_as_keywords_has_one_interpretation(values, sex, patient):
    patient = {name: said for name, said in patient.items() if name not in ("age", "sex", "pregnant", "trimester")}
    context = PatientContext(terms=frozenset(patient.get("diagnoses", ())), elevation=patient.get("elevation"))
    found = hl7v2.read(as_message(values, sex=sex[0].upper()), context=context)
    (draw,) = found.draws
    expected = interpret(**values, **patient, age=67, sex=sex, errors="report")
    ours = interpret(draw.panel)
    assert ours.model_dump() == expected.model_dump()
    assert len(draw.sources) + len(found.problems) == len(values)


_PIECES = st.one_of(
    st.sampled_from(
        [
            MSH,
            PID,
            OBR,
            obx(),
            obx("<^150", "SN"),
            obx(status="W"),
            "NTE|1||x",
            "SPM|1|||UR",
            "OBX",
            "OBX|",
            "PID",
            "DSC|1",
            "OBR|1|a|b",
        ]
    ),
    st.text(alphabet='OBXPIDMSHNTE|^~\\&<>0123456789.- \r\n"X', max_size=30),
    st.text(max_size=12),
)


@given(st.lists(_PIECES, max_size=10), st.sampled_from(["\r", "\n", "\r\n", ""]), st.booleans())
def test_no_text_raises_anything_but_our_error_and_every_obx_is_used_or_reported(pieces, end, as_bytes):
    text = end.join([MSH, *pieces])
    try:
        found = hl7v2.read(text.encode("utf-8", "surrogatepass") if as_bytes else text)
    except B12LabsError:
        return
    used = [place for draw in found.draws for place in draw.sources.values()]
    unused = [place for place, _ in found.problems if "OBX" in place]
    split = segments.split(text)
    assert len(used) + len(unused) == len({*used, *unused}) == sum(segment.name == "OBX" for segment in split)
    for draw in found.draws:
        interpret(draw.panel)


@given(st.one_of(st.text(), st.binary(), st.text(alphabet=string.printable).map(lambda text: "MSH|^~\\&|" + text)))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(B12LabsError):
        hl7v2.read(text)


_FIELD = st.text(alphabet="abc123^~&. ", max_size=12)


@given(st.lists(st.lists(_FIELD, min_size=1, max_size=6), min_size=1, max_size=5))
def test_splitting_agrees_with_another_library(rows):
    text = "\r".join([MSH, *("|".join(["OBX", *fields]) for fields in rows)])
    theirs = hl7.parse(text)
    for ours, other in zip(segments.split(text), theirs, strict=True):
        assert [str(part) for part in other] == ours.fields


# Real data


def as_obx_of_case(key, given):
    """Return one result of a published case: value, unit, flag and interval in the fields of an OBX."""
    value = given.get("value")
    sign = "".join(char for char in value or "" if char in "<>=")
    ends = [given.get(end) for end in ("reference_low", "reference_high")]
    reference = (
        "-".join(map(str, ends))
        if None not in ends
        else f">{ends[0]}"
        if ends[0] is not None
        else f"<{ends[1]}"
        if ends[1] is not None
        else ""
    )
    unit = (given.get("unit") or "").replace("^", "\\S\\")
    flag = given.get("flag", "")
    sent = f"{sign}^{value.removeprefix(sign)}" if value else ""
    return obx(sent, "SN", f"^{analytes()[key].name}", unit, reference, flag)


def test_published_cases_as_messages_have_the_interpretation_that_they_have_as_keywords(shared_file):
    script = importlib.util.spec_from_file_location("published_cases", ROOT / "validation/published_cases.py")
    cases = importlib.util.module_from_spec(script)
    script.loader.exec_module(cases)
    compared = 0
    for case in json.loads(shared_file("cases/published_cases.json").read_text(encoding="utf-8")):
        values, _ = cases.read_case(case)
        for given_as in values.values():
            if isinstance(given_as, dict) and "flag" in given_as:
                given_as["flag"] = {"low": "L", "normal": "N", "high": "H"}[given_as["flag"]]
        lines = [as_obx_of_case(key, given) for key, given in values.items() if key in analytes()]
        context = PatientContext(
            age=values["age"],
            pregnant=values["pregnant"],
            gestational_weeks=values.get("gestational_weeks"),
            terms=frozenset(values["diagnoses"]),
        )
        found = read(*lines, head=(MSH, f"PID|1||7|||||{values['sex']}", OBR), context=context)
        expected = interpret(**values, errors="report")
        assert interpret(found.draws[0].panel).model_dump() == expected.model_dump(), case["id"]
        compared += len(lines)
    assert compared > 60


def test_nothing_is_logged(caplog, capfd):
    caplog.set_level(0)
    read(obx("CANARY"), obx(r"\Qcanary\ ", "ST"), "NTE|1||CANARY", PID.replace("TEST", "CANARY"))
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_an_error_repeats_nothing_of_the_message():
    for text in (
        f"{MSH}\robx|CANARY",
        MSH.replace("ORU", "CANARY"),
        "MSH|CANARY|",
        f"{MSH}\rOBX|CANARY" + "|" * 600,
        "CANARY",
    ):
        with pytest.raises(HL7Error) as caught:
            hl7v2.read(text)
        assert "CANARY" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_json_is_no_message():
    with pytest.raises(HL7Error):
        hl7v2.read(json.dumps({"resourceType": "Bundle"}))


def test_a_mapping_is_also_taken_as_read():
    assert only(read(obx(test="X1"), mapping=SiteMapping(tests={"x1": "b12"}))).low == 145


@pytest.mark.parametrize(("test", "read_as"), [("X1^Test 7^L^NPU01700^^NPU", "b12"), ("X1^Test 7^L^NPU01700^^L", None)])
def test_the_alternate_code_of_a_test_counts_in_its_own_system(test, read_as):
    assert [next(iter(draw.panel.results), None) for draw in read(obx(test=test)).draws] == (
        [read_as] if read_as else []
    )


@pytest.mark.parametrize("test", ["X1^^L^2132-9^^99LAB", "2132-9^^99LAB", "NPU01700^^L", "XE2pf^^99X", "2132-9^^LNX"])
def test_a_code_of_a_system_that_is_not_known_is_no_code_of_the_one_whose_form_it_has(test):
    found = read(obx(test=test))
    assert found.draws == ()
    assert [problem.code for _, problem in found.problems] == ["unknown_test"]
    assert "did you mean 'b12'?" in found.problems[0][1].message


@pytest.mark.parametrize("test", ["2132-9", "2132-9^^", "X1^^L^2132-9", "2132-9^^LN", "2132-9^Vitamin B12^99LAB"])
def test_a_code_counts_where_its_system_is_loinc_or_not_said_and_the_name_where_it_is_another(test):
    assert only(read(obx(test=test))).low == 145


@pytest.mark.parametrize(
    ("place", "said", "code"),
    [
        (6, "pg/mL~pmol/L", "unknown_unit"),
        (11, "F~X", "unknown_status"),
        (3, "2132-9^B12^LN~718-7^Hb^LN", "unknown_test"),
    ],
)
def test_a_field_that_is_said_once_and_says_two_things_is_not_read(place, said, code):
    fields = ["OBX", "1", "NM", "2132-9^B12^LN", "", "90", "pg/mL", "", "", "", "", "F"]
    fields[place] = said
    found = hl7v2.read("\r".join([MSH, "PID|1||1", OBR, "|".join(fields)]))
    assert [problem.code for _, problem in found.problems] == [code]
    assert not any(draw.panel.results for draw in found.draws)


@pytest.mark.parametrize("specimen", ["Serum", "S-", "^Serum", "SER"])
def test_a_specimen_may_be_a_word_in_the_place_of_a_code(specimen):
    found = hl7v2.read(
        "\r".join([MSH, "PID|1||1", OBR, "OBX|1|NM|2132-9^B12^LN||90|pg/mL|||||F", f"SPM|1|||{specimen}"])
    )
    assert [set(draw.sources) for draw in found.draws] == [{"b12"}]


def test_a_blank_continuation_leaves_a_message_complete():
    assert not read(obx(), "DSC|").incomplete


def test_a_line_that_begins_with_a_word_of_a_segment_goes_on_with_the_text_before():
    found = read(obx("145", "NM"), "NTE|1||see below", "PID is known", "OBX was repeated")
    assert only(found).given == "145 pg/mL"
    assert not found.incomplete


def test_what_stands_within_another_segment_is_named_by_its_three_letters():
    with pytest.raises(HL7Error, match=r"line 3: expected OBX\| on a line of its own") as refused:
        hl7v2.read(f"{MSH}\r{PID}\r{OBR} {obx()}\r")
    assert refused.value.field == "OBX"


@pytest.mark.parametrize(
    "diagnosis",
    ["D51.0^see chart^I10", "^Pernicious anemia", "X9^see chart^L^D51.0^see chart^I10", "X9^^L^^Pernicious anemia"],
)
def test_a_diagnosis_goes_by_its_code_or_else_its_name_in_either_place(diagnosis):
    [draw] = read(obx(), head=(MSH, PID, f"DG1|1||{diagnosis}|||F", OBR)).draws
    assert draw.panel.terms == {"autoimmune_gastritis"}


@pytest.mark.parametrize("unit", ["pg/mL^picograms^UCUM", "x^pg/mL", "x^y^L^pg/mL^z^UCUM", "x^y^L^z^pg/mL^L"])
def test_a_unit_is_the_first_of_its_texts_that_is_known(unit):
    assert only(read(obx(unit=unit))).given == "145 pg/mL"


def test_units_of_two_sizes_in_one_field_are_both_told():
    [(_, problem)] = read(obx(unit="pg/mL^pmol/L")).problems
    assert "pg/mL / pmol/L" in problem.message
