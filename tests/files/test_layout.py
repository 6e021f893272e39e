"""Files as programs write them: encodings, signs between cells, titles, units under the header, sheets, pipes."""

import io
import subprocess
import sys
import zipfile
from xml.sax.saxutils import escape

import pytest

from b12labs import B12LabsError, ColumnError
from b12labs.files.interpreting import interpret_file, read_row

BODY = "Patient,B12 [pg/mL],Hb [g/dL]\nJosé,145,10\nB,300,14\n"


@pytest.fixture
def read(tmp_path):
    """Interpret the bytes or the text of a file, and return its columns, how many rows are deficient, and problems."""

    def run(content, name="labs.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        done = interpret_file(path, output=tmp_path / "out.csv", **options)
        return done.source.columns, done.totals.status.get("deficient", 0), done.totals.problem_rows

    return run


PLAIN = (["Patient", "B12 [pg/mL]", "Hb [g/dL]"], 1, 0)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_the_encoding(read, encoding):
    assert read(BODY.encode(encoding)) == PLAIN


@pytest.mark.parametrize(("encoding", "hint"), [("cp1252", "encoding cp1252"), ("utf-16-le", "encoding utf-16-le")])
@pytest.mark.parametrize("name", ["Patient", "Größe"])
def test_another_encoding_is_said_and_the_error_guesses_it(read, encoding, hint, name):
    body = BODY.replace("Patient", name).encode(encoding)
    with pytest.raises(ColumnError, match=hint):
        read(body)
    assert read(body, encoding=encoding) == ([name, *PLAIN[0][1:]], 1, 0)
    with pytest.raises(ColumnError, match="unknown encoding"):
        read(body, encoding="klingon")


def test_a_byte_far_down_is_said_with_its_row(read):
    body = BODY.replace("José", "Jo") + "B,300,14\n" * 2000 + "José,145,10\n"
    with pytest.raises(ColumnError, match=r"after row 1\d\d\d"):
        read(body.encode("cp1252"))


@pytest.mark.parametrize("sign", [";", "|", "\t"])
def test_other_signs_between_cells_are_seen_in_the_header_or_said_as_excel_says_them(read, sign):
    assert read(BODY.replace(",", sign)) == PLAIN
    assert read(f"sep={sign}\n" + BODY.replace(",", sign)) == PLAIN


@pytest.mark.parametrize("titles", ["My ward\n", "Laboratory, March 2024\nExported;2024-03-01\n\n", "\n\nReport\n"])
@pytest.mark.parametrize("sign", [",", ";"])
def test_titles_above_a_header_that_is_recognized_are_passed_over(read, titles, sign):
    assert read(titles + BODY.replace(",", sign)) == PLAIN


def test_titles_above_any_other_header_are_counted_by_the_user(read):
    content = "My ward\nX,Y,Z\n145,2,3\n"
    with pytest.raises(ColumnError):
        read(content)
    said = {"skip_lines": 1, "columns": {"X": "b12"}, "units": {"b12": "pg/mL"}}
    assert read(content, **said) == (["X", "Y", "Z"], 1, 0)


def test_a_first_row_of_results_is_no_header(read):
    """The header is of a site's own words, and the row under it names an analyte."""
    columns = {"Kode": "test", "Wert": "value", "P": "patient", "D": "time"}
    content = "Kode;Wert;P;D\nB12;145;1;2024-03-01\n"
    assert read(content, columns=columns, units={"b12": "pg/mL"})[1] == 1


def test_a_row_of_units_under_the_header_belongs_to_it(read, tmp_path):
    content = "Patient,B12,Hb,Age\n,pg/mL,(g/dL),months\nA,145,10,6\n"
    assert read(content) == (["Patient", "B12 [pg/mL]", "Hb [g/dL]", "Age [months]"], 1, 0)
    assert read_row(tmp_path / "labs.csv", 1).values["age"] == 0.5
    for row in (",,1,40", ",145,g/dL,40", "A,145,10,40"):
        assert read(f"Patient,B12,Hb,Age\n{row}\n")[0] == ["Patient", "B12", "Hb", "Age"]


def test_columns_without_a_name_pass_through(read, tmp_path):
    assert read("Patient,B12 [pg/mL],,\nA,145,,x\n") == (["Patient", "B12 [pg/mL]", "", " "], 1, 0)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1].startswith("A,145,,x,deficient")


@pytest.mark.usefixtures("without_pyarrow")
def test_all_of_it_without_pyarrow(read):
    assert read("My ward\n" + BODY.replace(",", "|")) == PLAIN
    assert read(BODY.encode("utf-16")) == PLAIN
    assert read(BODY.encode("cp1252"), encoding="cp1252") == PLAIN


ROWS = [["My ward", "", ""], ["Patient", "B12 [pg/mL]", "Hb [g/dL]"], ["A", 145, 10.5], ["B", "<150", 14]]


def xlsx(sheets):
    """Return a spreadsheet in Office Open XML."""

    def cell(value):
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else "<c/>"
        return f"<c><v>{value}</v></c>"

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    names = [*enumerate(sheets, 1)]
    held = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rels}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in names)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{rels}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in names
        )
        + "</Relationships>",
    }
    for number, rows in enumerate(sheets.values(), 1):
        lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        data = f"<sheetData>{lines}</sheetData>"
        held[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{main}">{data}</worksheet>'
    return zipped(held)


def ods(sheets):
    """Return a spreadsheet in OpenDocument."""

    def cell(value):
        kind = "string" if isinstance(value, str) else f'float" office:value="{value}'
        return f'<table:table-cell office:value-type="{kind}"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    urn = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{urn}:{name}:1.0"' for name in ("office", "table", "text"))
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    manifest = f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0">{entry}</manifest:manifest>'
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def zipped(held):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, text in held.items():
            package.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(("make", "name"), [(xlsx, "labs.xlsx"), (ods, "labs.ods")])
def test_a_spreadsheet_is_read_as_its_csv(read, tmp_path, make, name):
    assert read(make({"Sheet1": ROWS, "Sheet2": []}), name) == (PLAIN[0], 2, 0)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1].startswith("A,145,10.5,deficient")
    assert read_row(tmp_path / name, 2).values["b12"]["value"] == "<150"


def test_of_several_sheets_the_user_says_which(read):
    book = xlsx({"Labs": ROWS, "Notes": [["x"]]})
    with pytest.raises(ColumnError, match="--sheet"):
        read(book, "labs.xlsx")
    assert read(book, "labs.xlsx", sheet="Labs")[1] == 2
    with pytest.raises(ColumnError, match="did you mean 'Labs'"):
        read(book, "labs.xlsx", sheet="Lab")


def test_without_its_package_a_spreadsheet_says_what_to_do(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(B12LabsError, match=r"b12labs\[excel\].*save the sheet as CSV"):
        read(xlsx({"Sheet1": ROWS}), "labs.xlsx")


def piped(*arguments, given):
    command = [sys.executable, "-m", "b12labs", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def test_a_pipe_goes_in_and_out():
    done = piped("interpret", "-", "-o", "-", given=BODY.encode())
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[1].startswith("José,145,10,deficient")
    assert b"standard input: 2 rows" in done.stderr
    assert piped("interpret", "-", "-o", "-", "--json", given=BODY.encode()).returncode == 2
    assert piped("explain", "-", "--row", "1", given=xlsx({"A": ROWS})).stdout.startswith(b"DEFICIENT")
