"""Documentation, docstrings and messages are written in plain English: none of the words of tests/words.txt is used."""

import ast
import io
import re
import tokenize

import pytest

from site_pages.notebooks import without_outputs
from tests.conftest import ROOT

#: Their words are those of the rules, the names and the docstrings that they are made from.
GENERATED = {"api.md", "decision-paths.md", "model-card.md", "nomenclature.md", "rules.md", "validation.md"}
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "RELEASING", "SECURITY", "SUPPORT")),
    *(path for path in sorted((ROOT / "docs").glob("*.md")) if path.name not in GENERATED),
    *sorted((ROOT / "docs/notebooks").glob("*.md")),
]


def patterns():
    """Return each pattern with the better word."""
    lines = (ROOT / "tests/words.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.rpartition("  # ") for line in lines if line and not line.startswith("#")]
    return {pattern: better for pattern, _, better in pairs}


def prose(text):
    """Return the paragraphs of a page of Markdown, without code, link targets and headings."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`]*`", "`x`", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.) ?)", text):
        yield " ".join(block.split())


def retired(text):
    """Return each retired word of a text with its better word and its paragraph."""
    return [
        (match[0], better, paragraph)
        for paragraph in prose(text)
        for pattern, better in patterns().items()
        for match in re.finditer(pattern, paragraph, re.IGNORECASE)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_uses_no_retired_word(page):
    assert retired(without_outputs(page.read_text(encoding="utf-8"))) == []


def test_a_retired_word_is_found_across_lines_and_not_in_code():
    assert [word for word, *_ in retired("The status hangs\non it.\n\n- It\n  is no number.")] == ["hangs on", "is no"]
    assert retired("`hangs on`, [it](hangs-on.md)\n\n```\nis no number\n```\n") == []


def test_every_pattern_names_the_better_word():
    assert patterns()
    assert all(pattern and better for pattern, better in patterns().items())
    for pattern in patterns():
        re.compile(pattern)


# The source


def texts_of(path):
    """Return the docstrings, comments and messages of a file of Python or TOML, in which code is `x`."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        yield " ".join(line.lstrip("# ") for line in source.splitlines() if line.startswith("#"))
        return
    comments = [
        token.string.lstrip("#: ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    yield " ".join(comments)
    tree = ast.parse(source)
    formatted = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in formatted for part in node.values}
    for node in formatted:
        yield "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


#: Fewer words are a name, a code or a part of a sentence.
LEAST_WORDS = 4


@pytest.mark.parametrize(
    "package",
    sorted(path for path in (ROOT / "src/b12labs").iterdir() if path.name[0] != "_"),
    ids=lambda path: path.name,
)
def test_a_docstring_a_comment_and_a_message_use_no_retired_word(package):
    files = [package] if package.is_file() else sorted([*package.rglob("*.py"), *package.rglob("*.toml")])
    found = [
        (path.relative_to(ROOT).as_posix(), word, better, paragraph[:200])
        for path in files
        if path.suffix in {".py", ".toml"}
        for text in texts_of(path)
        if len(text.split()) >= LEAST_WORDS
        for word, better, paragraph in retired(text)
    ]
    assert found == []


def test_a_retired_word_of_a_message_is_found(tmp_path):
    path = tmp_path / "module.py"
    path.write_text('"""Say it."""\nmessage = f"{name}: it hangs on a result"  # there is no place\n', encoding="utf-8")
    assert [word for text in texts_of(path) for word, *_ in retired(text)] == ["hangs on"]
