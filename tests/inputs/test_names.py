"""The name of a test is read whole: in many languages, with its specimen, and only if each word is understood."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.inputs.names import find_test
from b12labs.inputs.words.folding import words
from b12labs.reference import analytes

NAMES = {
    "b12": [
        "Vitamin B12, Serum", "Serum vitamin B12 level", "Cobalamin (Vitamin B12) [Mass/volume] in Serum or Plasma",
        "S-B12", "P-Vit B12 (Kobalamin, total)", "VITAMIN B12 (sérum)", "血清维生素B12", "ビタミンB12測定",
        "Βιταμίνη Β12 Επίπεδα Ορού", "Витамин B12", "B12（血清）",
    ],
    "holotc": ["Vitamin B12 aktiv (Holotranscobalamin)", "actief B12", "S -B12-TC2"],
    "mma": ["ACIDE MÉTHYLMALONIQUE, SÉRUM", "S-metylmalonat", "Methylmalonsäure (MMA)"],
    "homocysteine": ["Homocysteine, Plasma", "fp-hcyst", "同型半胱氨酸", "総ホモシステイン"],
    "rbc_folate": ["Red blood cell folate level", "Folates intra-érythrocytaires", "fe-folaat"],
    "mch": ["Mean Corpuscular Hemoglobin", "M. C. H.", "MCH (Ortalama Eritrosit Hb)", "TCMH"],
    "mchc": ["Mean corpuscular hemoglobin concentration", "M CHC (M ean Corpuscular Hb Conc.)", "e-mchc"],
    "bilirubin_indirect": ["Serum Bilirubin (Indirect)", "間接ビリルビン"],
    "wbc": ["WBC Count", "Leukocytter;B", "白细胞计数(WBC)"],
    "neutrophils": ["NEUT#", "B—Neutrophilocytter; antalk. = ? × 10^9/L"],
}  # fmt: skip
OTHER_TESTS = [
    "Hemoglobin A1c", "尿WBC", "尿creatinine", "ΔHb", "√B12", "B12?", "-B12", "有核RBC", "糖化 hemoglobin",
    "HBウイルス",
    "Urine creatinine", "U-Kreatinin", "Креатинин мочи creatinine", "NRBC", "Hemoglobin F", "Hb S", "plasma hemoglobin",
    "B12 change", "B12 binding capacity", "Vitamin B6", "Creatinine clearance", "Neutrófilos (%)", "l-neut", "RDW-SD",
    "MPV (Ortalama Trombosit Hacmi)", "Mean platelet volume", "fb-folaat", "Reticulocyte hemoglobin content",
    "ACIDE FOLIQUE ET VITAMINE B12", "MMA/creatinine ratio", "b-hb-co", "Iron binding capacity", "CSF B12", "",
]  # fmt: skip


@pytest.mark.parametrize(("analyte", "name"), [(analyte, name) for analyte, names in NAMES.items() for name in names])
def test_a_name_is_understood_with_its_specimen_timing_and_filler_words(analyte, name):
    assert find_test(name) == analyte


@pytest.mark.parametrize("name", OTHER_TESTS)
def test_the_name_of_another_test_is_not_taken_for_an_analyte(name):
    assert find_test(name) is None


@given(
    st.sampled_from([name for names in NAMES.values() for name in names]), st.text(min_size=1, max_size=6), st.data()
)
def test_no_addition_turns_one_analyte_into_another(name, added, data):
    place = data.draw(st.integers(0, len(name)))
    changed = name[:place] + " " + added + " " + name[place:]
    assert find_test(changed) in (None, find_test(name))


@given(st.sampled_from(sorted(analytes())), st.sampled_from("Δ√¿?!~→↓™陰尿モжж"))
def test_a_sign_that_is_not_understood_keeps_a_name_from_being_read(analyte, sign):
    assert find_test(f"{sign} {analyte}") is None or sign == "™"


def test_a_text_that_is_too_long_is_no_name():
    assert words("b12 " * 1000) is None


def test_of_published_names_nine_in_ten_are_read_and_none_as_another_analyte(shared_file):
    listed = list(csv.DictReader(shared_file("codes/analyte_names_given.csv").read_text("utf-8").splitlines()))
    known = [row for row in listed if row["analyte_key"] in analytes()]
    read = {row["name"]: find_test(row["name"]) for row in known}
    assert [row for row in known if read[row["name"]] not in (None, row["analyte_key"])] == []
    for language in {row["language"] for row in known}:
        own = [row for row in known if row["language"] == language]
        share = sum(read[row["name"]] is not None for row in own) / len(own)
        assert share >= 0.85, (language, [row["name"] for row in own if read[row["name"]] is None])


def test_published_names_that_mislead_are_not_read_as_the_near_analyte(shared_file):
    for row in csv.DictReader(shared_file("codes/name_traps.csv").read_text("utf-8").splitlines()):
        assert find_test(row["name"]) != row["near_analyte_key"], row["name"]


@pytest.mark.parametrize(
    "name",
    [
        # Whole blood, a width in fL, a share: what LOINC's long names say of the analyte beside.
        "Cobalamin [Mass/volume] in Blood", "Creatinine [Moles/volume] in Blood", "Thyrotropin [Units/volume] in Blood",
        "Lactate dehydrogenase [Enzymatic activity/volume] in Specimen", "Neutrophils/Leukocytes in Blood",
        "Erythrocyte distribution width [Entitic volume] by Automated count", "Platelets [Volume Fraction] in Blood",
        "Platelet [Entitic mean volume] in Blood", "Hemoglobin A/Hemoglobin.total in Blood",
        # Abbreviations of two tests: ammonia, hematocrit and holoTC, medication.
        "AMM", "HTC", "Med", "s-b12-akt",
        # Kinds of hemoglobin, and words of a compound that are another test together.
        "Hb A", "Hemoglobin A", "Adult hemoglobin", "Urinkreatinin", "Vollblutfolat", "Thrombozytenvolumen",
        "no B12", "B12 status", "Hemoglobin I", "平均血小板容積", "血小板平均体积", "中性粒细胞百分比",
        "hémoglobine glyquée", "mittleres Zellhämoglobin Konzentration im Erythrozyten", "Trombosyyttien keskitilavuus",
    ],
)  # fmt: skip
def test_a_name_of_a_near_quantity_is_not_read(name):
    assert find_test(name) is None


@pytest.mark.parametrize(
    ("name", "analyte"),
    [
        ("Leukozytenzahl", "wbc"), ("Erythrozytenfolat", "rbc_folate"), ("MEANCELL VOLUME", "mcv"),
        ("mittleres Erythrozytenvolumen", "mcv"), ("RBC distribution width", "rdw"), ("Vitamin B 12 Assay", "b12"),
        ("Erytrocytter (B-Erytrocytter)", "rbc"), ("Reticulocytes/100 erythrocytes in Blood", "reticulocyte_percent"),
        ("Blasts/100 leukocytes in Blood", "blasts"), ("Erythrocyte [DistWidth] in Blood", "rdw"),
        ("MDRDgfr", "egfr"), ("Mean Corpuscular Hb Conc.(M C H C)", "mchc"), ("FBC - Haemoglobin", "hemoglobin"),
        ("Vitamin B12 [Assay]", "b12"), ("mittlere zelluläre Hämoglobinkonzentration", "mchc"),
        ("Mean cell hemoglobin concentrations", "mchc"), ("평균적혈구용적", "mcv"), ("střední objem erytrocytu", "mcv"),
    ],
)  # fmt: skip
def test_words_are_understood_without_blanks_between_them_and_in_brackets_again(name, analyte):
    assert find_test(name) == analyte


def test_what_a_code_refuses_its_own_name_does_not_say_either(shared_file):
    rows = list(csv.DictReader(shared_file("codes/analyte_codes.csv").read_text("utf-8").splitlines()))
    read = {(row["display"] or row["code"]): find_test(row["display"] or row["code"]) for row in rows if row["refuse"]}
    assert {name: found for name, found in read.items() if found} == {}


@pytest.mark.parametrize(
    ("name", "analyte"),
    [
        ("Thyrotropin [Units/volume] in Serum or Plasma by Detection limit <= 0.005 mIU/L", "tsh"),
        ("Hemoglobin [Mass/volume] in Blood by Oximetry", "hemoglobin"),
        ("Blasts/Leukocytes in Blood by Manual count", "blasts"),
        ("Neutrophils.hypersegmented/Leukocytes in Blood", "hypersegmented_neutrophils"),
        ("MCHC [Entitic Mass/volume] in Red Blood Cells by Automated count", "mchc"),
        ("Parietal cell Ab [Titer] in Serum by Immunofluorescence", "parietal_cell_antibody"),
        ("Substance concentration of creatinine in plasma using enzymatic analysis (observable entity)", "creatinine"),
        ("Neutrophils/Leukocytes in Blood by Automated count", None),
        ("C reactive protein [Titer] in Serum", None),
        ("Creatinine [Mass/volume] in Serum or Plasma --pre dialysis", None),
        ("Thyrotropin in Serum or Plasma by Detection limit", None),
        ("Copper.free [Mass/volume] in Serum or Plasma", None),
        ("Lymphoblasts/Leukocytes in Blood", None),
    ],
)
def test_names_of_code_systems_are_understood_by_their_parts(name, analyte):
    assert find_test(name) == analyte
