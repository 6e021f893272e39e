// node pack.mjs FOLDER: unpacks the wheels of a folder, compiles them with the browser's Python, and writes packages.zip.
// A browser then compiles nothing at its start.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPyodide } from "pyodide";

const folder = process.argv[2];
const python = await loadPyodide();
const site = "/packages";
const wheels = readdirSync(folder).filter((name) => name.endsWith(".whl")).sort();
for (const name of wheels) python.unpackArchive(new Uint8Array(readFileSync(join(folder, name))), "wheel", { extractDir: site });
// The source stays beside the compiled code, for messages. Python does not compare the two at its start.
python.runPython(`
import compileall, py_compile, zipfile
from pathlib import Path

site = Path("${site}")
done = compileall.compile_dir(site, quiet=1, stripdir=site, prependdir="/lib/python3.14/site-packages", invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
assert done, "a module does not compile"
with zipfile.ZipFile("/packages.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    assert any(site.iterdir())
    for path in sorted(site.rglob("*")):
        if path.is_file() and "pydantic/v1" not in str(path):  # the older pydantic, which nothing here uses
            entry = zipfile.ZipInfo(str(path.relative_to(site)), (2020, 1, 1, 0, 0, 0))
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
`);
writeFileSync(join(folder, "packages.zip"), python.FS.readFile("/packages.zip"));
for (const name of wheels) rmSync(join(folder, name));
