// The rows of results: one per analyte, with the value as the laboratory printed it and its unit.

import { byId, el } from "./element.js";

// The rows shown at the start; every other analyte can be added.
const FIRST = ["b12", "holotc", "mma", "homocysteine", "hemoglobin", "mcv", "folate", "creatinine"];

export class Results {
  constructor(analytes, changed) {
    this.analytes = new Map(analytes.map((analyte) => [analyte.key, analyte]));
    this.changed = changed;
    this.rows = new Map();
    byId("add-button").addEventListener("click", () => byId("add").value && this.show(byId("add").value));
    this.reset();
  }

  reset() {
    this.rows.clear();
    byId("rows").replaceChildren();
    FIRST.forEach((key) => this.#add(key));
    this.#offerOthers();
  }

  // Shows an analyte's row, adding it if needed, and moves the focus to it.
  show(key) {
    if (!this.rows.has(key)) this.#add(key);
    this.#offerOthers();
    this.rows.get(key).value.focus();
  }

  fill(values) {
    for (const [key, [value, unit]] of Object.entries(values)) {
      if (!this.rows.has(key)) this.#add(key);
      this.rows.get(key).value.value = value;
      if (this.rows.get(key).unit) this.rows.get(key).unit.value = unit;
    }
    this.#offerOthers();
  }

  // Returns the typed values by analyte. A unit that was not chosen is not guessed: the value is sent as typed.
  read() {
    const given = {};
    for (const [key, { value, unit }] of this.rows) {
      const typed = value.value.trim();
      const chosen = unit ? unit.value : this.analytes.get(key).units[0].ucum;
      if (typed) given[key] = chosen && this.analytes.get(key).units[0].label ? { value: typed, unit: chosen } : typed;
    }
    return given;
  }

  // Returns the typed values and the chosen units by analyte, as `fill` takes them.
  values() {
    return Object.fromEntries([...this.rows].filter(([, { value }]) => value.value.trim()).map(([key, { value, unit }]) => [key, [value.value.trim(), unit?.value ?? ""]]));
  }

  field(key) {
    return this.rows.get(key);
  }

  #add(key) {
    const analyte = this.analytes.get(key);
    const id = `value-${key}`;
    const value = el("input", { id, type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
    const unit = analyte.units.length > 1 ? unitChoice(analyte) : null;
    const fixed = unit ? null : el("span", { class: "unit", id: `unit-${key}` }, analyte.units[0].label);
    const remove = FIRST.includes(key)
      ? null
      : el("button", { type: "button", class: "remove", "aria-label": `Remove ${analyte.label}`, click: () => this.#remove(key) }, "×");
    const row = el("div", { class: "row" }, el("label", { for: id, title: analyte.name }, analyte.label), value, unit ?? fixed, remove);
    byId("rows").append(row);
    this.rows.set(key, { row, value, unit });
  }

  #remove(key) {
    this.rows.get(key).row.remove();
    this.rows.delete(key);
    this.#offerOthers();
    byId("add").focus();
    this.changed();
  }

  #offerOthers() {
    const others = [...this.analytes.values()].filter((analyte) => !this.rows.has(analyte.key));
    byId("add").replaceChildren(el("option", { value: "" }, "choose"), ...others.map(({ key, label }) => el("option", { value: key }, label)));
  }
}

function unitChoice(analyte) {
  const offer = (usual) => analyte.units.filter((unit) => unit.usual === usual).map((unit) => el("option", { value: unit.ucum }, unit.label));
  const rest = offer(false);
  return el(
    "select",
    { id: `unit-${analyte.key}`, "aria-label": `Unit of ${analyte.label}` },
    el("option", { value: "" }, "unit"),
    offer(true),
    rest.length ? el("optgroup", { label: "Also accepted" }, rest) : null,
  );
}
