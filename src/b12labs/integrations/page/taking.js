// Ways to take a panel away: a printed page, and a link. Nothing is made before the user asks for it.

import { copyText, el } from "./element.js";

export const printing = () => el("p", { class: "buttons" }, el("button", { type: "button", click: () => print() }, "Print"));

// A link with the entries, behind a warning; `values` returns the entries.
export function linking(values) {
  const address = el("pre", { id: "link-address", tabindex: "0", "aria-label": "The link" });
  const told = el("span", { role: "status" });
  const make = ({ target }) => (address.textContent = target.open ? `${location.origin}${location.pathname}#${asFragment(values())}` : "");
  return el(
    "details",
    { id: "link", toggle: make },
    el("summary", {}, "A link to this panel"),
    el("p", { class: "hint" }, "The link contains all entries. Anyone who has the link can read them, and browsers keep links in their history. Do not send a link that names a patient."),
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

// Returns the values of the address and removes them from it; null if there are none, {} if they cannot be read.
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
