// Python in the browser: loads it, says how far it is, then answers questions. It runs beside the page, which stays usable.

import { loadPyodide } from "./python/pyodide.mjs";

const PARTS = "python/parts.json"; // every file that is loaded, with its bytes

let answers;
let lost; // the first file that did not come: Python itself only says that it stops

const say = (message) => self.postMessage(message);

// Everything Python loads goes through here, so that its bytes can be counted and what does not come is named.
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
    count(response.clone()).catch(() => {}); // the response itself is used as it came: the browser keeps what it compiles of it
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
  answers.answered("interpret", '{"b12": "145 pg/mL"}'); // what is compiled at first use is not for the first patient to wait for
  for (const door of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "importScripts"]) self[door] = undefined; // nothing leaves from here
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
