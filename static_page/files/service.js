// Answers the page without a server: Python runs in a worker of this browser. With a server, another file of this name is used.

import { byId, el } from "./element.js";
import { reasons, Refused } from "./outcome.js";

const here = new URL("../", import.meta.url);
const addresses = ["worker.js", "offline.js"].map((name) => new URL(name, here).href);
// Only these two addresses may become code: the policy of the page refuses every other.
const scripts = globalThis.trustedTypes?.createPolicy("b12labs", {
  createScriptURL(address) {
    if (!addresses.includes(address)) throw new TypeError(`not a script of this page: ${address}`);
    return address;
  },
});
const [worker, offline] = addresses.map((address) => scripts?.createScriptURL(address) ?? address);
const MB = 1_000_000;

const waiting = new Map();
let python;
let asked = 0;
let opened;

function showLoading({ loaded, total, step }) {
  const share = total ? loaded / total : 1;
  const what = step === "rules" || share === 1 ? "starting Python and reading the rules" : `${Math.round(loaded / MB)} of ${Math.round(total / MB)} MB`;
  byId("loading").hidden = false;
  byId("loading-bar").value = Math.min(0.9, share * 0.8);
  byId("loading-text").textContent = `b12labs is loading into this browser: ${what}. Fill in the form meanwhile; the answer comes by itself.`;
}

function receive(message, resolve, reject) {
  if (message.ready) resolve();
  else if (message.failure !== undefined) reject(new Refused(`b12labs could not be loaded into this browser: ${message.failure}. Load the page again when you are connected.`));
  else if (message.number !== undefined) {
    waiting.get(message.number)?.(message);
    waiting.delete(message.number);
  } else showLoading(message);
}

// Keeps every file of the page in this browser, so that it opens without a connection. It keeps no patient data.
async function keep() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(offline);
  await navigator.serviceWorker.ready;
  document.documentElement.dataset.offline = "true";
}

export const service = {
  ready: new Promise((resolve) => (opened = resolve)),
  silent: "b12labs does not answer in this browser. Load the page again.",
  gone: "The page could not be loaded completely. Load it again when you are connected.",
  where: "What you type stays in this browser: b12labs runs here, and nothing is sent anywhere or stored.",

  async start() {
    if (!("WebAssembly" in globalThis)) throw new Refused("This browser does not run WebAssembly, which b12labs needs here. Try another browser.");
    showLoading({ loaded: 0, total: 1 });
    const loaded = new Promise((resolve, reject) => {
      python = new Worker(worker, { type: "module" });
      python.addEventListener("message", ({ data }) => receive(data, resolve, reject));
      python.addEventListener("error", () => reject(new Refused(service.gone)));
    });
    try {
      await loaded;
    } finally {
      byId("loading").hidden = true;
    }
    opened();
    document.documentElement.dataset.python = "ready";
    await keep().catch(() => {}); // without a store the page works, but loads again next time
  },

  async vocabulary() {
    const response = await fetch(new URL("vocabulary.json", here));
    if (!response.ok) throw new Error(`vocabulary: ${response.status}`);
    return response.json();
  },

  interpret: (panel, signal) => answered("interpret", panel, signal),
};

// Asks Python. Throws Refused with its reasons if it refuses.
export async function answered(question, given, signal) {
  const number = ++asked;
  const answer = new Promise((resolve, reject) => {
    waiting.set(number, resolve);
    signal?.addEventListener("abort", () => waiting.delete(number) && reject(signal.reason));
  });
  python.postMessage({ number, question, given: JSON.stringify(given) });
  const told = await answer;
  if (told.failed) throw new Refused(service.silent);
  const body = JSON.parse(told.answer);
  if (body.resourceType === "OperationOutcome") throw new Refused(reasons(body));
  return body;
}
