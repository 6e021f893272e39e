"""Build the folder build/page.

It holds the page files of the service, the wheel of this tree, and Python for the browser. Each package is checked
against its hash: npm checks package-lock.json, pip requirements.txt.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from b12labs.integrations.page import files
from b12labs.integrations.page.in_browser import words
from static_page.servers import Server, read_servers

HERE = Path(__file__).parent
ROOT = HERE.parent
#: The files of Pyodide that are used; the rest of its package is for other purposes.
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
#: The target of the wheels from the package index: Python and the platform of this Pyodide.
BROWSER = (
    "--python-version=3.14",
    "--implementation=cp",
    "--abi=cp314",
    "--abi=none",
    "--platform=pyemscripten_2026_0_wasm32",
)
#: Scripts and everything else come from this folder alone; no text becomes a script, and nothing is sent anywhere.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
    "trusted-types b12labs"
)

#: The licenses of other projects' work in the folder. Each package of packages.zip has its license in its .dist-info.
LICENSES = """b12labs: Apache-2.0
Pyodide (python/): MPL-2.0, https://github.com/pyodide/pyodide; Python: PSF-2.0
pydantic, pydantic-core, annotated-types, typing-inspection: MIT; typing-extensions: PSF-2.0 (python/packages.zip)
oauth4webapi (oauth4webapi.js, where smart.html is): MIT, https://github.com/panva/oauth4webapi
"""


def build(folder: Path, servers: Sequence[Server] = ()) -> None:
    """Build the page in a folder, which is emptied first. With servers, also build the page that an EHR opens."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "page").mkdir(parents=True)
    for name, content in files().items():
        if not name.startswith("docs.") and name != "page.html":
            (folder / "page" / name).write_bytes(content)
    (folder / "index.html").write_text(_head(files()["page.html"].decode()), encoding="utf-8")
    (folder / "vocabulary.json").write_text(words(), encoding="utf-8")
    own = HERE / "files"
    shutil.copy(own / "service.js", folder / "page")
    for name in ("worker.js", "manifest.webmanifest"):
        shutil.copy(own / name, folder)
    if servers:
        add_smart(folder, servers)
    _python(folder / "python")
    (folder / "LICENSES.txt").write_text(LICENSES, encoding="utf-8")
    keep_offline(folder)


def add_smart(folder: Path, servers: Sequence[Server]) -> None:
    """Add the page that an EHR opens; it may reach these servers and no others."""
    own = HERE / "files"
    origins = sorted({origin for server in servers for origin in server.origins()})
    html = (own / "smart.html").read_text(encoding="utf-8")
    (folder / "smart.html").write_text(_head(html, origins), encoding="utf-8")
    (folder / "smart.json").write_text(json.dumps({"servers": [server.told() for server in servers]}), encoding="utf-8")
    shutil.copy(HERE / "node_modules/oauth4webapi/build/index.js", folder / "oauth4webapi.js")
    for name in ("smart.js", "sign_in.js", "reading.js"):
        shutil.copy(own / name, folder / "page")


def _head(html: str, origins: Sequence[str] = ()) -> str:
    """Return a document with its policy, which hosts of static files do not send."""
    first = '<meta charset="utf-8">'
    assert first in html
    allowed = POLICY.replace("connect-src 'self'", " ".join(["connect-src 'self'", *origins]))
    policy = f'<meta http-equiv="Content-Security-Policy" content="{allowed}">'
    return html.replace(first, f'{first}\n{policy}\n<link rel="manifest" href="manifest.webmanifest">', 1)


def _python(folder: Path) -> None:
    """Write Python for the browser and the wheels to a folder, with a list of the files to load."""
    folder.mkdir()
    for name in PYODIDE:
        shutil.copy(HERE / "node_modules/pyodide" / name, folder)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    pinned = ["--require-hashes", "--requirement", str(HERE / "requirements.txt")]
    given = ["--no-deps", "--only-binary=:all:", *BROWSER, "--dest", str(folder), *pinned]
    subprocess.run([*pip, "download", *given], check=True)
    with TemporaryDirectory() as made:
        subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", made, str(ROOT)], check=True)
        for wheel in Path(made).glob("*.whl"):
            shutil.copy(wheel, folder)
    shutil.make_archive(str(folder / "arrays-0-py3-none-any"), "zip", HERE / "arrays", "numpy")
    (folder / "arrays-0-py3-none-any.zip").rename(folder / "arrays-0-py3-none-any.whl")
    subprocess.run(["node", str(HERE / "pack.mjs"), str(folder)], check=True)
    parts = [{"name": path.name, "bytes": path.stat().st_size} for path in sorted(folder.iterdir())]
    loaded = [part for part in parts if not str(part["name"]).endswith(".mjs")]
    (folder / "parts.json").write_text(json.dumps(loaded), encoding="utf-8")


def keep_offline(folder: Path) -> None:
    """Write the script that keeps every file for use without a connection, by its hash."""
    script = (HERE / "files/offline.js").read_text(encoding="utf-8")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "offline.js")
    listed = [(path.relative_to(folder).as_posix(), f"sha256-{_digest(path.read_bytes())}") for path in paths]
    version = hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:16]
    written = script.replace("BUILD", f"b12labs-{version}", 1).replace("FILE_LIST", json.dumps(listed), 1)
    (folder / "offline.js").write_text(written, encoding="utf-8")


def _digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def main() -> None:
    """Build the page, and print its size."""
    parser = argparse.ArgumentParser(prog="python -m static_page", description=main.__doc__)
    parser.add_argument(
        "--smart", type=Path, metavar="FILE", help="the FHIR servers that the page may read (docs/smart.md)"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "build/page", metavar="FOLDER")
    given = parser.parse_args()
    folder = given.output
    try:
        build(folder, read_servers(given.smart) if given.smart else ())
    except (OSError, ValueError) as error:
        parser.error(str(error))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    sys.stdout.write(f"{folder}: {size / 1e6:.1f} MB; any host of static files can serve it.\n")
