"""Every cell of a result is used, reported or missing, and one of these only, however a table is laid out."""

import io

import numpy as np
import pandas as pd
import pytest

from b12labs import to_draws
from b12labs.inputs.several import family
from b12labs.tables.frames import read_columns
from b12labs.tables.options import checked_options

WIDE = {
    "units in the header": "B12 [pg/mL],Hb (g/dL)|145,10.4|<150,|x,14,5",
    "units beside": "b12,b12_unit,b12_flag|145,pg/mL,L|,,|300,pg/cup,|200,,H|,,L",
    "units beside and in the header": "B12 [pmol/L],b12_unit|145,pg/mL|145,pmol/L|145,|,pg/mL",
    "units in the value": "B12,Hb|145 pg/mL,10.4 g/dL (12-16) L|145,10.4|<148* ng/L,H 14 g/dL|145-150 pg/mL,",
    "marks": "B12 [pg/mL]|145 L|H 2000|145↓|＜150|GT 2000|145 A|H 145 L|low|positive||NA",
    "a power in the value": "wbc,wbc_unit|5.2 x 10^9,/L|5.2 x 10^9,10^12/L|5.2,10*9/L|,",
    "snake case": "b12_pg_ml,hb_g_dl,mcv_fl|145,10.4,112|x,,|900 pmol/L,1e999,-3",
    "R": "B12..pg.mL.,Hb..g.dL.|145,10.4|,NA",
    "LOINC": "LOINC:2132-9 [pg/mL],718-7 [g/dL]|145,10.4|,",
    "full-width": "B12（pg/mL）,Vitamin B₁₂ （pg/mL）|145,145|145,|145,300",
    "siblings by their units": "gastrin,gastrin_unit|400,pg/mL|50,pmol/L|x,pmol/L|,|7,parsec|5,",
    "two columns of one analyte": "MMA [umol/L],MMA [nmol/L]|0.5,|,500|0.5,504|0.5,900|x,500|,|x,y",
    "words": "IFAB [U/mL],b12 [pg/mL]|陽性,陽性|negativ,niedrig|not detected,not detected|?,?",
}


#: The columns of a result that say what it is; its unit alone says nothing.
SAYS = ("value", "flag")


def wide(text):
    header, *lines = text.split("|")
    names = header.split(",")
    return pd.DataFrame([[*line.split(","), *[""] * len(names)][: len(names)] for line in lines], columns=names)


@pytest.mark.parametrize("layout", WIDE)
def test_every_result_of_a_wide_table(layout):
    frame = wide(WIDE[layout])
    found, cohort = read_columns(frame, checked_options())
    assert found.unused == ()
    reported = {(problem.field, row) for problem, rows in cohort.problems.found for row in rows.tolist()}
    for key, column in found.analytes.items():
        columns = [column, *column.others]
        held = frame[
            [name for one in columns for name in (one.value, *(one.beside[r] for r in one.beside if r == "flag"))]
        ]
        blank = held.isin(["", "NA"]).all(axis=1).to_numpy()
        keys = [each for each in family(key) if each in cohort.results]
        read = np.any([cohort.results[each].is_measured() for each in keys], axis=0)
        told = np.array([any((each, row) in reported for each in keys) for row in range(len(frame))])
        # Beside what is read, what another column says of it may be reported.
        told &= ~read | (len(columns) == 1)
        assert (read.astype(int) + told + blank == 1).all(), (key, read, told, blank)


LONG = {
    "generic": "patient,date,test,value,unit,status|1,2024-01-01,B12,100,pg/mL,取消|1,2024-01-01,B12,179,pg/mL,final"
    "|1,2024-01-01,B12,180,pg/mL,final|1,2024-01-02,B12,900,pg/mL,|1,2024-01-02,尿WBC,500,/uL,|1,2024-03,Hb,9,g/dL,",
    "specimens": "patient,time,test,value,unit,specimen|1,2024-01-01,MMA,2.0,umol/L,尿|1,2024-01-01,MMA,2.0,umol/L,Blut"
    "|1,2024-01-01,MMA,2.0,umol/L,purple|,2024-01-01,Hb,9,g/dL,|1,2024-01-01,,9,g/dL,",
    "operators": "patient,time,test,value,unit,operator|1,2024-01-01,MMA,.9,umol/L,<|1,2024-01-02,B12,<145,pg/mL,>"
    "|1,2024-01-03,B12,145,pg/mL,TX|1,2024-01-04,B12,145,pg/mL,LT|1,2024-01-05,B12,,pg/mL,LT",
    "MIMIC": "subject_id,charttime,label,value,valuenum,valueuom|9,2150-03-04 12:00:00,Vitamin B12,___,145,pg/mL"
    "|9,2150-03-04 12:00:00,Hemoglobin,___,,g/dL|9,2150-03-04 12:00:00,Hemoglobin F,1,1,%"
    "|9,2150-03-04,Creatinine,,,mg/dL",
    "eICU": "patientunitstayid,labresultoffset,labname,labresulttext,labresult,labmeasurenamesystem"
    "|1,120,vitamin B12,> 2000,2000,pg/mL|1,x,Hgb,,9,g/dL|1,130,sodium,,140,mmol/L",
    "PCORnet": "PATID,SPECIMEN_DATE,SPECIMEN_TIME,LAB_LOINC,RESULT_NUM,RESULT_MODIFIER,RESULT_UNIT"
    "|1,2024-01-01,08:30,2132-9,145,LT,pg/mL|1,2024-01-01,22:30,2132-9,300,EQ,pg/mL|1,2024-01-01,99:99,718-7,9,EQ,g/dL",
    "Synthea": "DATE,PATIENT,CODE,DESCRIPTION,VALUE,UNITS|2024-01-01T08:00:00Z,a,2132-9,Cobalamin,145,pg/mL"
    "|2024-01-01T08:00:00Z,a,72514-3,Pain,3,{score}|2024-01-01,a,718-7,Hemoglobin,9,g/dL",
    "OMOP": "person_id,measurement_datetime,measurement_date,measurement_source_value,value_as_number,unit_source_value"
    "|1,1991-01-31 0:00:00,1991-01-31,2132-9,145,pg/mL|1,x,1991-02-01,718-7,9,gram per deciliter|1,x,y,718-7,9,g/dL",
    "SDTM": "USUBJID,LBTESTCD,LBORRES,LBORRESU,LBSTAT,LBDTC|S,VITB12,152,pg/mL,,2013-12-26"
    "|S,FOLATE,,,NOT DONE,2013-12-26|S,HGB,14.3,g/dL,,2013-12",
    "one result in two units": "patient,time,test,value,unit|1,2024-01-01,B12,271,pg/mL|1,2024-01-01,B12,200,pmol/L"
    "|1,2024-01-01,B12,271,pg/mL|1,2024-01-02T08:30,B12,1,pmol/L|1,2024-01-02,B12,300,pg/mL",
}


@pytest.mark.parametrize("layout", LONG)
def test_every_row_of_a_long_table(layout):
    table = pd.read_csv(io.StringIO(LONG[layout].replace("|", "\n")), dtype=str, keep_default_na=False)
    draws = to_draws(table)
    left_out = np.zeros(len(table), dtype=int)
    for found in draws.problems:
        left_out[found.rows] += not found.used
    assert (draws.used + left_out == 1).all(), (draws.used, left_out)
    assert (draws.draw[draws.used] >= 0).all()
