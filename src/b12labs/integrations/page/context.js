// The clinical context: every term of the vocabulary as a checkbox, by field, found by any of its names.

import { byId, count, el } from "./element.js";

export class Context {
  constructor(fields, terms, changed) {
    this.changed = changed;
    this.terms = terms.map((term) => this.#make(term));
    this.groups = fields.map((field) => this.#group(field));
    byId("groups").replaceChildren(...this.groups.map((group) => group.details));
    byId("find").addEventListener("input", () => this.#find());
    byId("find").addEventListener("keydown", (event) => this.#key(event));
    this.#update();
  }

  reset() {
    this.choose([]);
    byId("find").value = "";
    this.#find();
    this.groups.forEach((group) => (group.details.open = false));
  }

  choose(keys) {
    this.terms.forEach((term) => (term.box.checked = keys.includes(term.key)));
    this.#update();
  }

  // The keys of the chosen terms, by field.
  read() {
    const given = {};
    for (const term of this.#chosen()) (given[term.field] ??= []).push(term.key);
    return given;
  }

  labels() {
    return this.#chosen().map((term) => term.label);
  }

  #chosen() {
    return this.terms.filter((term) => term.box.checked);
  }

  #make(term) {
    const box = el("input", { type: "checkbox", id: `term-${term.key}`, change: () => this.#changedByUser() });
    const also = el("small", { hidden: true });
    const item = el("li", {}, el("label", {}, box, el("span", {}, term.label, " ", also)));
    const names = [term.label, ...term.synonyms].map((name) => ({ name, plain: plain(name) }));
    return { ...term, box, also, item, names };
  }

  #group({ key, label }) {
    const terms = this.terms.filter((term) => term.field === key);
    const number = el("span", { class: "number" });
    const list = el("ul", { class: "terms" }, terms.map((term) => term.item));
    return { label, terms, number, details: el("details", {}, el("summary", {}, label, " ", number), list) };
  }

  #changedByUser() {
    this.#update();
    this.changed();
  }

  #update() {
    const chips = this.#chosen().map((term) =>
      el("li", {}, el("button", { type: "button", "aria-label": `Remove ${term.label}`, click: () => this.#drop(term) }, term.label, el("span", { "aria-hidden": "true" }, " ×"))),
    );
    byId("chosen").replaceChildren(...chips);
    byId("chosen").hidden = chips.length === 0;
    for (const group of this.groups) {
      const chosen = group.terms.filter((term) => term.box.checked).length;
      group.number.textContent = chosen ? `${chosen} of ${group.terms.length}` : `${group.terms.length}`;
    }
  }

  #drop(term) {
    term.box.checked = false;
    this.#changedByUser();
    byId("find").focus();
  }

  // Shows the terms with a name that contains every typed word; for a match by another name, that name is shown.
  #find() {
    const sought = plain(byId("find").value).split(" ").filter(Boolean);
    for (const term of this.terms) {
      const match = term.names.find(({ plain: name }) => sought.every((word) => name.includes(word)));
      term.item.hidden = match === undefined;
      term.also.hidden = !sought.length || match === undefined || match === term.names[0];
      term.also.textContent = term.also.hidden ? "" : match.name;
    }
    for (const group of this.groups) {
      const any = group.terms.some((term) => !term.item.hidden);
      group.details.hidden = !any;
      if (sought.length) {
        group.before ??= group.details.open;
        group.details.open = any;
      } else if (group.before !== undefined) {
        group.details.open = group.before;
        group.before = undefined;
      }
    }
    byId("matches").textContent = sought.length ? this.#said() : "";
  }

  #said() {
    const found = this.#visible();
    if (found.length === 0) return "No term has this name. Only terms that the rules know can be chosen.";
    return found.length === 1 ? `${found[0].label}: press Enter to choose it.` : `${count(found.length, "term")} found.`;
  }

  #visible() {
    return this.terms.filter((term) => !term.item.hidden);
  }

  #key(event) {
    const found = this.#visible();
    const only = event.key === "Enter" && byId("find").value.trim() && found.length === 1;
    if (event.key === "Enter") event.preventDefault();
    if (only && !found[0].box.checked) found[0].box.click();
    if (only || event.key === "Escape") {
      byId("find").value = "";
      this.#find();
    }
  }
}

const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
