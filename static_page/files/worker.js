// Python in the browser: loads it, reports its progress, then answers questions. It runs beside the page, which stays usable.

import { loadPyodide } from "./python/pyodide.mjs";

const PARTS = "python/parts.json"; // every file that is loaded, with its bytes

let answers;
let lost; // the first file that did not load: Python itself only reports that it stops

const say = (message) => self.postMessage(message);

// Everything that Python loads goes through here, to count its bytes and to name a file that does not load.
function counted(total) {
  const load = self.fetch.bind(self);
  let loaded = 0;
  const count = async ({ body }) => {
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      say({ loaded: (loaded += value.byteLength), total });
    }
  };
  self.fetch = async (address, options) => {
    const response = await load(address, options).catch(() => null);
    const name = String(address.url ?? address).split("/").pop();
    if (!response?.ok) throw new Error((lost ??= `${name} did not come (${response ? response.status : "no connection"})`));
    count(response.clone()).catch(() => {}); // the response itself is used unchanged, so that the browser caches its compiled code
    return response;
  };
}

async function start() {
  const parts = await (await fetch(PARTS)).json();
  counted(parts.reduce((sum, part) => sum + part.bytes, 0));
  const packages = fetch("python/packages.zip").then((response) => response.arrayBuffer());
  const python = await loadPyodide({ indexURL: new URL("python/", self.location).href, fullStdLib: false });
  python.unpackArchive(await packages, "zip", { extractDir: python.runPython("import site; site.getsitepackages()[0]") });
  say({ step: "rules" });
  answers = python.pyimport("b12labs.integrations.page.in_browser");
  answers.answered("interpret", '{"b12": "145 pg/mL"}'); // compiles at first use, so that the first patient need not wait
  for (const door of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "importScripts"]) self[door] = undefined; // nothing can be sent from here
  say({ ready: true });
}

self.addEventListener("message", ({ data: { number, question, given } }) => {
  try {
    say({ number, answer: answers.answered(question, given) });
  } catch (error) {
    console.error(error);
    say({ number, failed: true });
  }
});

start().catch((error) => {
  console.error(error);
  say({ failure: lost ?? error.message });
});
