"""Each field of a message is read where the standard puts it, and how much of a message is read at all."""

import pytest

from b12labs.integrations import hl7v2
from b12labs.integrations.hl7v2 import HL7Error, segments
from tests.integrations.hl7v2.test_hl7v2 import B12, MMA, MSH, OBR, PID, codes, message, obx, only, read

# Diagnoses and medicines


@pytest.mark.parametrize(
    ("segment", "field"),
    [("RXA", 5), ("RXC", 2), ("RXD", 2), ("RXE", 2), ("RXG", 4), ("RXO", 1)],
)
def test_a_medicine_is_named_in_its_field_and_in_no_other(segment, field):
    for place in range(1, 7):
        line = "|".join([segment, *[""] * (place - 1), "^metformin"])
        [draw] = read(obx(), head=(MSH, PID, line, OBR)).draws
        assert draw.panel.terms == ({"metformin"} if place == field else set())


@pytest.mark.parametrize(("segment", "fields"), [("DG1", (3, 4)), ("PRB", (3,))])
def test_a_diagnosis_is_named_in_its_field_or_described_beside_it(segment, fields):
    for place in range(1, 7):
        said = "Pernicious anemia" if place == 4 else "^Pernicious anemia"
        line = "|".join([segment, *[""] * (place - 1), said])
        [draw] = read(obx(), head=(MSH, PID, line, OBR)).draws
        assert draw.panel.terms == ({"autoimmune_gastritis"} if place in fields else set()), place


@pytest.mark.parametrize(("kind", "used"), [("", True), ("F", True), ("f", True), ("W", False), ("A", False)])
def test_only_a_final_diagnosis_is_used(kind, used):
    found = read(obx(), head=(MSH, PID, f"DG1|1||D51.0^^I10|||{kind}", OBR))
    assert bool(found.draws[0].panel.terms) is used
    assert codes(found.problems) == ([] if used else [("segment 3", "unknown_term")])


# Whose results, and of when


def test_a_patient_is_the_number_of_one_authority():
    def patients(*numbers):
        lines = [line for number in numbers for line in (f"PID|1||{number}", OBR, obx())]
        return [draw.patient for draw in read(*lines, head=(MSH,)).draws]

    assert patients("7^^^HOSP") == ["7^^^HOSP"]
    assert patients("7^^^&1.2.3&ISO", "7^^^&4.5.6&ISO") == ["7^^^1.2.3", "7^^^4.5.6"]
    assert patients("7") == ["7"]
    assert patients("7^a^b") == ["7"]
    assert patients("~8") == ["8"]
    assert [draw.patient for draw in read(obx(), head=(MSH, "PID|1|9|", OBR)).draws] == ["9"]


ORDERED, PLACED, FILLED = "OBR|1|P1|F1|panel|||20240301083000", "OBR|1|P1||panel", "OBR|1||F1|panel"


@pytest.mark.parametrize("request_", [PLACED, FILLED])
def test_a_withdrawal_at_another_time_is_of_the_order_with_its_number(request_):
    later = message(obx(status="W", when="20240305"), head=(MSH, PID, request_))
    assert hl7v2.read([message(obx(), head=(MSH, PID, ORDERED)), later]).draws == ()
    for other in (request_.replace("P1", "P2").replace("F1", "F2"), "OBR|1|F1|P1|panel"):
        later = message(obx(status="W", when="20240305"), head=(MSH, PID, other))
        assert hl7v2.read([message(obx(), head=(MSH, PID, ORDERED)), later]).draws


@pytest.mark.parametrize(
    ("first", "second", "gone"),
    [
        (B12, B12, True),
        ("^Vitamin B12", "^Vitamin B12", True),
        (B12, "2132-9^B12^LN", True),
        (B12, MMA, False),
        ("^Vitamin B12", "^Methylmalonic acid", False),
        ("X1^Vitamin B12", "X2^Vitamin B12", False),
    ],
)
def test_a_withdrawal_is_of_the_test_with_its_code_or_else_its_name(first, second, gone):
    later = message(obx(status="W", test=second), head=(MSH, PID, ORDERED))
    found = hl7v2.read([message(obx(test=first), head=(MSH, PID, ORDERED)), later])
    assert (found.draws == ()) is gone


def test_a_withdrawal_is_of_the_observation_with_its_sub_id():
    later = message(obx(status="W", sub="2"), head=(MSH, PID, ORDERED))
    assert hl7v2.read([message(obx(sub="1"), head=(MSH, PID, ORDERED)), later]).draws
    assert hl7v2.read([message(obx(sub="2"), head=(MSH, PID, ORDERED)), later]).draws == ()


@pytest.mark.parametrize(
    ("status", "code"), [("f", None), ("F", None), ("x", "withdrawn_result"), ("Q", "unknown_status")]
)
def test_a_result_without_a_status_has_that_of_its_order(status, code):
    request = "|".join([*OBR.split("|"), *[""] * 25][:25]) + f"|{status}"
    found = read(obx(status=""), head=(MSH, PID, request))
    assert codes(found.problems) == ([] if code is None else [("OBX 1", code)])


# Specimens


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        (["SER^^HL70487", "PLAS^^HL70487"], None),
        (["SER^^HL70487", "SER^^HL70487"], None),
        (["SER^^HL70487", "UR^^HL70487"], "unknown_specimen"),
        (["", "UR^^HL70487"], "other_specimen"),
    ],
)
def test_specimens_of_blood_are_one_and_of_two_kinds_unknown(kinds, code):
    found = read(*(f"SPM|{number}|||{kind}" for number, kind in enumerate(kinds, start=1)), obx())
    assert codes(found.problems) == ([] if code is None else [("OBX 1", code)])


# Flags


@pytest.mark.parametrize("value", ["4.5", "145", "7"])
def test_a_sign_beside_a_bare_number_makes_it_a_bound_whatever_other_flag_there_is(value):
    result = only(read(obx(value, flag="<~L", test=MMA, unit="umol/L")), "mma")
    assert (result.low, result.high) == (0, pytest.approx(float(value)))


@pytest.mark.parametrize(
    ("flag", "said"), [("L", "low"), ("A~H", "high"), ("H~H", "high"), ("H~L", None), ("A~N", None), ("N~N", "normal")]
)
def test_of_several_flags_the_one_with_a_direction_counts(flag, said):
    found = read(obx("145", flag=flag))
    assert only(found).flag == said
    assert bool(found.notes or found.draws[0].problems) is (said is None)


# Lines


@pytest.mark.parametrize(("name", "last"), [("MSH", 18), ("PID", 8), ("OBR", 25), ("SPM", 4)])
def test_a_line_end_within_what_says_whose_results_and_of_when_is_refused(name, last):
    first = {"MSH": MSH, "PID": PID, "OBR": OBR, "SPM": "SPM|1|||SER"}[name]
    lines = {"MSH": MSH, "PID": PID, "OBR": OBR, "SPM": "SPM|1|||SER"}
    parts = [*first.split("|"), *[""] * 30]
    # MSH-1 is the separator itself.
    cut = last if name != "MSH" else last - 1
    for place, refused in ((cut, True), (cut + 1, False)):
        broken = "|".join(parts[: place + 1]) + "x\ny|z"
        text = "\r".join([*({**lines, name: broken}.values()), obx()])
        if refused:
            with pytest.raises(HL7Error, match=f"a line ends within {name}-{last}"):
                hl7v2.read(text)
        else:
            assert "broken_segment" in [problem.code for _, problem in hl7v2.read(text).problems]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([obx("145 pg/mL\nas sent", "TX")], "unknown_unit"),
        ([obx("145\n", "NM")], "broken_segment"),
        (["NTE|1||two\nlines", obx()], None),
        (["NTE|1|L\n|two", obx()], "broken_segment"),
    ],
)
def test_texts_may_have_several_lines_and_numbers_may_not(lines, code):
    assert [problem.code for _, problem in read(*lines).problems] == ([] if code is None else [code])


def test_a_sign_that_the_value_contradicts_is_told():
    found = read(obx("<150", "ST", flag=">~L"))
    assert only(found).flag is None
    assert only(read(obx("<150", "ST", flag="<~L"))).flag == "low"


@pytest.mark.parametrize("value", ["^145^^^x", "^145^^1", "^145^-"])
def test_a_structured_number_has_nothing_behind_it(value):
    found = read(obx(value, "SN"))
    assert not found.draws[0].panel.results


def test_a_line_that_ends_within_another_segment_is_a_problem_of_it_alone():
    found = read("PV1|1\nward|x", obx())
    [(_, problem)] = found.problems
    assert (problem.code, problem.message) == ("broken_segment", "a line ends within PV1-1")
    assert only(found).low == 145
    [(_, problem)] = read(obx("145\n", "NM")).problems
    assert problem.message == "a line ends within OBX-5; not used"


def test_a_line_that_begins_with_the_letters_of_a_segment_and_signs_before_them_is_refused():
    for line in ("P I D|1||2", "0 B X|1|NM|x"):
        with pytest.raises(HL7Error, match="expected"):
            read(obx(), line)
    for line in ("'obx|1|NM|x", "*Pid|1||2"):
        with pytest.raises(HL7Error, match="at the beginning, got other characters"):
            read(obx(), line)
    assert only(read(obx("145", "NM"), "NTE|1||see", "Pidgin|was spoken")).low == 145


def test_what_one_segment_of_a_patient_lacks_the_other_says():
    who = ("PID|1||7||||19570321|", "PID|1||7|||||F")
    for first, second in (who, who[::-1]):
        lines = (OBR, obx(), second, OBR, obx("0.3", test=MMA, unit="umol/L"))
        panels = [draw.panel for draw in read(*lines, head=(MSH, first)).draws]
        assert {(panel.age, panel.sex) for panel in panels} == {(66.0, "female")}


def test_a_birth_date_may_have_a_time():
    for born in ("195703210830", "19570321"):
        assert read(obx(), head=(MSH, f"PID|1||1234||||{born}|F", OBR)).draws[0].panel.age == 66


def test_a_text_may_hold_several_messages():
    two = message(obx()) + message(obx("300"), head=(MSH, PID.replace("1234", "4321"), OBR))
    assert [draw.panel.results["b12"].low for draw in hl7v2.read(two).draws] == [145, 300]


@pytest.mark.parametrize(
    ("source", "code"),
    [("UR&Urine&HL70070", "other_specimen"), ("&Urine", "other_specimen"), ("UR", "other_specimen"), ("SER", None)],
)
def test_an_order_names_its_specimen_in_field_15(source, code):
    found = read(obx(), head=(MSH, PID, f"{OBR}||||||||{source}"))
    assert codes(found.problems) == ([] if code is None else [("OBX 1", code)])
    for before in (7, 9):
        assert read(obx(), head=(MSH, PID, f"{OBR}{'|' * before}{source}")).draws[0].panel.results


def test_the_head_of_a_message_stands_at_its_beginning():
    with pytest.raises(HL7Error, match="MSH"):
        hl7v2.read("\r".join([MSH, PID, f"MSH {MSH[3:]}", OBR, obx()]))
    assert only(read(f"  {obx()}", head=(f"  {MSH}", f" {PID}", f"\t{OBR}"))).low == 145


# How much is read


def padded(size):
    text = message(obx()) + "ZZZ|"
    return text + "Z" * (size - len(text))


def test_a_message_has_up_to_two_megabytes_and_ten_thousand_segments():
    assert hl7v2.read(padded(2 * 1024 * 1024)).draws
    with pytest.raises(HL7Error, match="2,097,152 bytes"):
        hl7v2.read(padded(2 * 1024 * 1024 + 1))
    assert hl7v2.read(message(obx(), *["ZZZ|1"] * 9_996)).draws
    with pytest.raises(HL7Error, match="10,000 segments"):
        hl7v2.read(message(obx(), *["ZZZ|1"] * 9_997))


def test_a_segment_has_up_to_500_fields_and_a_field_up_to_1000_parts():
    assert read(obx(), "ZZZ" + "|" * 500).draws
    with pytest.raises(HL7Error, match="segment 5: expected at most 500 fields"):
        read(obx(), "ZZZ" + "|" * 501)
    assert read("NTE|1||" + "~" * 999, obx()).draws
    with pytest.raises(HL7Error, match="1000 parts"):
        read("NTE|1||" + "~" * 1000, obx())
    assert (segments.MAX_FIELDS, segments.MAX_PARTS) == (500, 1000)


@pytest.mark.parametrize("part", [*range(1, 10), 15])
@pytest.mark.parametrize("spelling", ["8859/{}", "ISO-8859-{}", "iso-8859-{}"])
def test_each_part_of_iso_8859_that_messages_may_name_is_read(part, spelling):
    text = message(obx(), head=(f"{MSH}||||||{spelling.format(part)}", PID, OBR))
    assert hl7v2.read(text.encode("ascii")).draws


@pytest.mark.parametrize("charset", ["8859/0", "8859/10", "8859/14", "8859/16", "latin-1"])
def test_any_other_character_set_is_refused(charset):
    with pytest.raises(HL7Error, match="MSH-18"):
        hl7v2.read(message(obx(), head=(f"{MSH}||||||{charset}", PID, OBR)).encode("ascii"))
    assert hl7v2.read(message(obx(), head=(f"{MSH}|||||{charset}", PID, OBR)).encode("ascii")).draws
    assert hl7v2.read(message(obx(), head=(f"{MSH}|||||||{charset}", PID, OBR)).encode("ascii")).draws
