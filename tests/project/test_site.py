"""The documentation site:

its generated pages are true and up to date, it builds without a warning, and nothing in it is broken.
"""

import http.server
import inspect
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from functools import partial
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import b12labs
from b12labs.inputs.panel import read_panel
from b12labs.limits.stratified import limits_of
from b12labs.logic.language import Case, Certain, Combine, Otherwise, Verdict, certain, finding, limit, measured
from b12labs.logic.program import Program
from b12labs.patient.inputs import PatientInputs
from b12labs.reference import analytes, context, guideline_keys
from b12labs.reference.unit_labels import with_labels
from b12labs.rules import FINDINGS_OF, b12_status
from site_pages import conditions, decision_paths
from site_pages.api_reference import PUBLIC, modules
from site_pages.drawing import Picture
from site_pages.headings import slug
from tests import strategies as some
from tests.browsing import browsing, opened_browser
from tests.conftest import ROOT
from tests.integrations.server.test_page import HOSTILE

DOCS = ROOT / "docs"
PICTURES = sorted(path.relative_to(DOCS).as_posix() for path in (DOCS / "images").rglob("*.svg"))


def text_of(name):
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.long
def test_the_page_of_the_validation_is_up_to_date(tmp_path, shared_file):
    (tmp_path / "images").mkdir()
    files = (shared_file("data/nhanes_1999_2002.csv.gz"), shared_file("cases/published_cases.json"))
    subprocess.run([sys.executable, "-m", "validation.page", *files, tmp_path], cwd=ROOT, check=True, timeout=300)
    for name in ("validation.md", "images/nhanes-status.svg"):
        assert (DOCS / name).read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8"), (
            f"docs/{name}: run validation/page.py"
        )


# Every name


def test_every_public_name_is_in_the_api_reference_and_has_a_docstring():
    page = text_of("api.md")
    for module in modules():
        assert module.__doc__
        for name in module.__all__:
            what = getattr(module, name)
            assert f"\n### `{module.__name__}.{name}`\n" in page
            assert f"(#{slug(f'{module.__name__}.{name}')})" in page
            if inspect.isclass(what) or inspect.isfunction(what):
                assert inspect.getdoc(what).splitlines()[0] in page, name
    assert {name for name in dir(b12labs) if not name.startswith("_")} <= set(b12labs.__all__)


def test_every_module_that_a_page_tells_users_to_import_is_in_the_api_reference():
    pages = [
        ROOT / "README.md",
        *(path for path in DOCS.glob("*.md") if path.name not in ("api.md", "architecture.md")),
    ]
    told = {
        name
        for page in pages
        for name in re.findall(
            r"(?:from |`)(b12labs(?:\.[a-z0-9_]+)+)(?: import|\.[a-z_]+\()", page.read_text(encoding="utf-8")
        )
    }
    assert {"b12labs.files", "b12labs.integrations.arrow"} <= told
    assert {name for name in told if name not in PUBLIC and not hasattr(b12labs, name.rpartition(".")[2])} == set()


def test_every_analyte_and_context_term_is_in_the_nomenclature():
    page = text_of("nomenclature.md")
    for each in analytes().values():
        assert f"\n### {each.name}\n" in page
        assert f"(#{slug(each.name)})" in page
        assert all(code in page for code in each.loinc)
        assert all(f"`{name}`: {limit.means}." in page for name, limit in each.limits.items())
    assert all(f"| `{term.key}` |" in page for term in context().terms.values())


# Decision paths


def as_truth(node):
    """Read a tree of a decision path as the rule that it stands for."""
    if isinstance(node, conditions.Tree):
        return Combine(node.operator, tuple(as_truth(part) for part in node.parts))
    return {
        conditions.HOLDS: lambda: node.truth,
        conditions.DOES_NOT: lambda: ~node.truth,
        conditions.NOT_KNOWN: lambda: ~Certain(node.truth, node.named),
    }[node.state]()


DRAWN = [
    (
        case.when,
        as_truth(conditions.tree(case.when, FINDINGS_OF[b12_status], closed=[b12_status.functional_deficiency])),
    )
    for case in b12_status.status.cases
]
DRAWN_PROGRAM = Program([rule for pair in DRAWN for rule in pair])


@settings(max_examples=300)
@given(some.results(), some.patients(), st.sampled_from(guideline_keys()))
def test_a_decision_path_says_exactly_when_its_case_applies(results, patient, guideline):
    evaluated = DRAWN_PROGRAM.run(PatientInputs(read_panel({**results, **patient}), limits_of(guideline)))
    for case, drawn in DRAWN:
        assert (evaluated.of(case) == 2) == (evaluated.of(drawn) == 2)


def test_a_part_that_repeats_what_is_beside_it_is_left_out():
    low = finding("low", when=measured.b12 < limit.b12_deficient, says="Low.")
    large = finding("large", when=measured.mcv > limit.mcv_high, says="Large.")
    limits = decision_paths.drawn_limits("nice-ng239")

    def said(rule):
        return [text for _, text in conditions.lines(conditions.tree(rule, []), limits)]

    assert said(low & (low | large)) == ["B12 below 180 ng/L or 133 pmol/L"]
    assert said(low & ~(large & ~certain(low))) == ["B12 below 180 ng/L or 133 pmol/L"]
    assert said(low & ~certain(large)) == ["all of:", "B12 below 180 ng/L or 133 pmol/L", "unless known: large"]
    assert said(~(low & large)) == [
        "any of:",
        "B12 not below 180 ng/L or 133 pmol/L",
        f"MCV not above {conditions.printed(limits['mcv_high'])}",
    ]


@pytest.mark.parametrize("key", guideline_keys())
def test_a_decision_path_shows_the_limits_that_its_guideline_prints_and_every_outcome(key):
    drawn = ElementTree.fromstring(decision_paths.picture(key))
    text = " ".join("".join(node.itertext()) for node in drawn.iter() if node.tag.endswith("text"))
    described = next(node.text for node in drawn if node.tag.endswith("desc"))
    for name in (
        "b12_deficient",
        "b12_adequate",
        "holotc_deficient",
        "holotc_adequate",
        "mma_raised",
        "homocysteine_raised",
    ):
        printed = decision_paths.drawn_limits(key)[name]
        assert all(with_labels(value) in text for value in printed.values)
        assert conditions.printed(printed) in described
    for word in ("Deficient", "Functional", "Deficiency", "unlikely", "Indeterminate"):
        assert word in text
    for case in b12_status.status.cases:
        assert case.says in described


def test_every_text_of_a_decision_path_stays_inside_the_picture():
    for key in guideline_keys():
        drawn = ElementTree.fromstring(decision_paths.picture(key))
        for node in (node for node in drawn.iter() if node.tag.endswith("text")):
            wide = len(node.text) * float(node.get("font-size")) * 0.5
            assert float(node.get("x")) + wide <= float(drawn.get("width")), (key, node.text)
            assert float(node.get("y")) < float(drawn.get("height"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_self_contained_and_says_what_it_shows(name):
    text = text_of(name)
    drawn = ElementTree.fromstring(text)
    assert drawn.get("role") == "img"
    assert [node.tag.rpartition("}")[2] for node in drawn][:2] == ["title", "desc"]
    assert len(drawn[0].text) > 10
    assert len(drawn[1].text) > 40
    assert "prefers-color-scheme:dark" in text
    assert text.count("http") == 1  # the namespace
    assert len(text) < 120_000


def test_hostile_text_in_a_picture_stays_text():
    drawn = Picture(100, HOSTILE, HOSTILE, 100)
    drawn.text(1, 1, HOSTILE)
    assert {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(drawn.svg()).iter()} == {
        "svg",
        "title",
        "desc",
        "style",
        "rect",
        "text",
    }


def test_a_verdict_of_another_shape_is_put_in_words_too():
    rule = finding("low", when=measured.b12 < limit.b12_deficient, says="Low.")
    verdict = Verdict("v", (Case("yes", ~rule, "Yes."),), Otherwise("no", "No."))
    limits = decision_paths.drawn_limits("bsh-2014")
    assert list(conditions.lines(conditions.tree(verdict.cases[0].when, [rule]), limits)) == [
        (0, "B12 not below 200 ng/L or 148 pmol/L")
    ]


# The built site


class Links(HTMLParser):
    """The anchors of a page, where it points, and what it loads."""

    def __init__(self):
        super().__init__()
        self.anchors, self.links, self.loads = set(), [], []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        self.loads += [found[name] for name in ("src", "srcset") if found.get(name)]
        if (
            tag == "link"
            and found.get("href")
            and found.get("rel") in ("stylesheet", "icon", "preload", "preconnect", "manifest")
        ):
            self.loads.append(found["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    home = tmp_path_factory.mktemp("site")
    shutil.copytree(DOCS, home / "docs")
    shutil.copy(ROOT / "zensical.toml", home)
    built = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert "No issues found" in built.stdout + built.stderr
    return home / "site"


@pytest.fixture(scope="module")
def pages(site):
    found = {}
    for path in site.rglob("*.html"):
        found[path.relative_to(site).as_posix()] = links = Links()
        links.feed(path.read_text(encoding="utf-8"))
    return found


def test_every_page_is_reached_from_the_navigation():
    def listed(entries):
        for entry in entries:
            for what in entry.values():
                yield from listed(what) if isinstance(what, list) else [what]

    nav = list(listed(tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]["nav"]))
    assert len(set(nav)) == len(nav)
    assert set(nav) == {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}


def test_no_link_inside_the_site_is_broken(site, pages):
    broken = []
    for name, page in pages.items():
        for given_link in (*page.links, *page.loads):
            where = urlsplit(urljoin(f"http://site/{name}", given_link))
            if where.scheme not in ("http", "https") or where.netloc != "site" or where.path == "/try/index.html":
                continue  # elsewhere, or the page that make docs puts there (tests/static_page)
            target = unquote(where.path).lstrip("/") or "index.html"
            anchored = not where.fragment or target not in pages or unquote(where.fragment) in pages[target].anchors
            if not (site / target).is_file() or not anchored:
                broken.append((name, given_link))
    assert broken == []


def test_the_site_loads_nothing_from_elsewhere(pages):
    assert [(name, load) for name, page in pages.items() for load in page.loads if urlsplit(load).netloc] == []


@pytest.fixture(scope="module")
def address(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@browsing
@pytest.mark.parametrize("name", ["index.html", "decision-paths.html", "notebooks/one_patient.html"])
def test_axe_finds_no_serious_fault_and_nothing_is_fetched_from_elsewhere(address, name):
    from axe_playwright_python.sync_playwright import Axe

    with opened_browser() as browser:
        for scheme in ("light", "dark"):
            page = browser.new_page(
                color_scheme=scheme, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
            )
            asked = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(address + name, wait_until="load")
            found = Axe().run(page).response
            page.close()
            serious = [fault for fault in found["violations"] if fault["impact"] in ("serious", "critical")]
            assert [f"{scheme}, {fault['id']}: {node['html']}" for fault in serious for node in fault["nodes"]] == []
            assert "color-contrast" in {passed["id"] for passed in found["passes"]}
            assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
