"""An assistant calls the tools by the protocol's own client, over the standard input of a real process."""

import sys
from pathlib import Path

import anyio
import pytest

from b12labs import interpret
from b12labs.assistants.tools import called
from b12labs.catalogue import catalogue
from b12labs.errors import B12LabsError
from b12labs.schemas import panel_schema

pytest.importorskip("mcp", reason="the SDK is not installed", exc_type=ImportError)

from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

PANEL = {"b12": "145 pg/mL", "mma": "0.62 umol/L", "age": 67, "sex": "female", "symptoms": ["ataxia"]}
TABLE = "B12 [pg/mL],Hb (g/dL),sex,comment\n145,10.4,F,a\n<150,12.1,M,b\npending,14.0,F,c\n"


def asked(*calls):
    """Start the server, call tools of it, and return its list of tools and the results."""

    async def ask():
        process = StdioServerParameters(command=sys.executable, args=["-m", "b12labs", "mcp"])
        async with Client(stdio_client(process)) as client:
            listed = await client.list_tools()
            return listed.tools, [await client.call_tool(name, given) for name, given in calls]

    with anyio.from_thread.start_blocking_portal() as portal:
        return portal.call(ask)


@pytest.fixture(scope="module")
def answers():
    tools, results = asked(
        ("interpret", PANEL),
        ("compare_guidelines", {"b12": "195 pg/mL", "age": 67}),
        ("screen", {"age": 70, "symptoms": ["paresthesia"], "diagnoses": ["celiac disease"]}),
        ("audit", {"table": TABLE}),
        ("explain_rule", {"code": "macrocytosis"}),
        ("interpret", {"b12": 145}),
        ("interpret", {"b12x": "145 pg/mL"}),
    )
    return {tool.name: tool for tool in tools}, results


def text(result):
    return "\n".join(part.text for part in result.content)


def test_each_tool_is_listed_with_our_schemas_and_only_reads(answers):
    tools, _ = answers
    assert set(tools) == {"interpret", "compare_guidelines", "screen", "audit", "explain_rule"}
    assert tools["interpret"].input_schema == panel_schema()
    assert all(tool.output_schema and tool.annotations.read_only_hint for tool in tools.values())


def test_an_interpretation_is_the_one_that_python_gives_with_its_evidence_and_sources(answers):
    result = answers[1][0]
    told = interpret(**PANEL)
    assert not result.is_error
    assert text(result) == str(told)
    assert result.structured_content["status"] == told.status
    decided = result.structured_content["findings"]["functional_deficiency"]
    assert decided["evidence"]
    assert decided["sources"]


def test_the_other_tools_answer_in_words_and_as_json(answers):
    compared, screened, audited, explained = answers[1][1:5]
    assert {row["key"] for row in compared.structured_content["guidelines"]} >= {"nice-ng239", "bsh-2014"}
    assert screened.structured_content["advice"] == "offer"
    assert screened.structured_content["sources"] == ["nice-ng239"]
    assert "celiac disease" in text(screened)
    assert "b12" in str(audited.structured_content)
    assert explained.structured_content["code"] == "macrocytosis"
    assert "MCV" in text(explained)


def test_a_table_that_is_audited_shows_no_value_of_a_patient(answers):
    assert "10.4" not in text(answers[1][3])
    assert "10.4" not in str(answers[1][3].structured_content)


def test_a_value_that_cannot_be_read_is_a_problem_and_a_wrong_name_names_the_nearest(answers):
    without_unit, misspelled = answers[1][5:]
    assert [problem["code"] for problem in without_unit.structured_content["problems"]] == ["missing_unit"]
    assert misspelled.is_error or misspelled.structured_content["problems"]
    assert "did you mean 'b12'" in text(misspelled)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("interprete", {}, "did you mean 'interpret'"),
        ("interpret", {"guideline": "/etc/passwd", **PANEL}, "guideline: expected"),
        ("interpret", {"mapping": "site.toml", **PANEL}, "mapping: an assistant cannot use this argument"),
        ("explain_rule", {"code": "macrocytose"}, "did you mean 'macrocytosis'"),
        ("audit", {"table": ""}, "table: expected a table as CSV text"),
        ("audit", {}, "table: expected a table as CSV text"),
    ],
)
def test_a_call_that_cannot_be_answered_says_why_and_reads_no_file(name, given, message):
    with pytest.raises(B12LabsError) as refused:
        called(name, given)
    assert message in refused.value.message


def test_every_rule_can_be_explained():
    for entry in catalogue():
        words, answer = called("explain_rule", {"code": entry.code})
        assert words
        assert answer["code"] == entry.code


def test_nothing_is_left_on_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    called("audit", {"table": TABLE})
    called("interpret", PANEL)
    assert list(Path().iterdir()) == []
