// What is taken away from a panel: a printed page, and a link. Nothing is taken before it is asked for.

import { copyText, el } from "./element.js";

export const printing = () => el("p", { class: "buttons" }, el("button", { type: "button", click: () => print() }, "Print"));

// A link with what was entered, behind a warning; `values` returns it.
export function linking(values) {
  const address = el("pre", { id: "link-address", tabindex: "0", "aria-label": "The link" });
  const told = el("span", { role: "status" });
  const make = ({ target }) => (address.textContent = target.open ? `${location.origin}${location.pathname}#${asFragment(values())}` : "");
  return el(
    "details",
    { id: "link", toggle: make },
    el("summary", {}, "A link to this panel"),
    el("p", { class: "hint" }, "The link holds what was entered. Whoever has the link can read it, and so can the history of a browser. Send none that names a patient."),
    address,
    el("p", {}, el("button", { type: "button", click: () => copyText(address, told) }, "Copy the link"), " ", told),
  );
}

const NAME = "panel";

// The values after `#`, which browsers send to no server.
function asFragment(values) {
  const bytes = new TextEncoder().encode(JSON.stringify(values));
  return `${NAME}=${btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

// Takes the values out of the address, where they do not stay; null where there are none that can be read.
export function fromFragment() {
  const packed = new URLSearchParams(location.hash.slice(1)).get(NAME);
  if (packed === null) return null;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return {};
  }
}
