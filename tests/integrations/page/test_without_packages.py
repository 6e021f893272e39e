"""One patient is interpreted, and the page's form described, with pydantic alone: so much runs in a browser."""

import json
import subprocess
import sys

#: What is not there in the browser. An import of any of them fails, as it would there.
ABSENT = ("fastapi", "narwhals", "numpy", "pandas", "pint", "pyarrow", "starlette")
PROGRAM = """
import importlib.abc, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"{{name}} is not there in a browser", name=name)

sys.meta_path.insert(0, Absent())
{use}
"""


def without_packages(use, given=b""):
    """Run a program where pydantic alone is installed, and return what it prints."""
    program = PROGRAM.format(absent=ABSENT, use=use)
    done = subprocess.run([sys.executable, "-c", program], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_a_panel_is_answered_as_everywhere():
    from b12labs.integrations.interpreting import respond
    from b12labs.integrations.options import Options

    panel = json.dumps(
        {"b12": "145 pg/mL", "mma": "0.62 umol/L", "age": 67, "symptoms": ["ataxia"], "hb": "?"}
    ).encode()
    use = (
        "from b12labs.integrations.interpreting import respond\n"
        "from b12labs.integrations.options import Options\n"
        "sys.stdout.buffer.write(respond(sys.stdin.buffer.read(), Options()))"
    )
    assert without_packages(use, panel) == respond(panel, Options())


def test_the_form_is_described():
    use = (
        "from b12labs.integrations.options import Options\n"
        "from b12labs.integrations.page.vocabulary import vocabulary\n"
        "print(vocabulary(Options()).model_dump_json())"
    )
    assert json.loads(without_packages(use))["guideline"] == "nice-ng239"


def test_a_package_that_is_missing_would_be_noticed():
    use = "try:\n    import numpy\nexcept ModuleNotFoundError as error:\n    print(error)"
    assert b"not there in a browser" in without_packages(use)
