// The page: reads the form, asks its service while the user types, and shows the answer and the problems at their fields.
// Entries are kept in the form alone: not in the address, not in the browser's storage.

import { Answer } from "./answer.js";
import { Context } from "./context.js";
import { byId, capital, count, el } from "./element.js";
import { Refused } from "./outcome.js";
import { Results } from "./results.js";
import { service } from "./service.js";
import { fromFragment, linking, printing } from "./taking.js";

const PAUSE = 300; // ms without typing before asking
const WAIT = 10_000; // ms to wait for an answer
const LATE = Symbol("late");
const PATIENT = { age: "age", sex: "sex", pregnant: "pregnancy", trimester: "pregnancy", elevation: "elevation" };
// The fields beside results and context that a link holds.
const SENT = ["age", "sex", "pregnancy", "guideline", "formulary", "unreported", "elevation", "decimal"];
const EXAMPLE = {
  results: { b12: ["145", "pg/mL"], mma: ["0.62", "umol/L"], homocysteine: ["22", "umol/L"], hemoglobin: ["10.4", "g/dL"], mcv: ["112", "fL"] },
  patient: { age: "67", sex: "female" },
  terms: ["paresthesia", "ataxia", "metformin"],
};

class Page {
  constructor(vocabulary) {
    this.vocabulary = vocabulary;
    const changed = () => this.ask();
    this.results = new Results(vocabulary.analytes, changed);
    this.context = new Context(vocabulary.fields, vocabulary.terms, changed);
    this.answer = new Answer(vocabulary, (key) => this.results.show(key), () => this.#note(), [linking(() => this.values()), printing()]);
    byId("guideline").append(...vocabulary.guidelines.map(({ key, title }) => el("option", { value: key, selected: key === vocabulary.guideline }, title)));
    byId("formulary").append(...vocabulary.formularies.map((key) => el("option", { value: key }, key.toUpperCase())));
    byId("unreported").append(...["absent", "unknown"].map((key) => el("option", { value: key, selected: key === vocabulary.unreported_context }, key === "unknown" ? "not known" : key)));
    byId("version").textContent = vocabulary.version;
    byId("form").addEventListener("submit", (event) => event.preventDefault());
    byId("form").addEventListener("input", (event) => this.#isAnswered(event.target) && this.ask(PAUSE));
    byId("form").addEventListener("focusout", () => setTimeout(() => this.#mark()));
    byId("example").addEventListener("click", () => this.fill(EXAMPLE));
    byId("clear").addEventListener("click", () => this.clear());
  }

  clear() {
    this.#reset();
    byId("value-b12").focus();
    this.ask();
  }

  fill({ results, patient, terms }) {
    this.#reset();
    this.results.fill(results);
    Object.entries(patient).forEach(([id, value]) => (byId(id).value = value));
    this.context.choose(terms);
    this.ask();
  }

  // Returns the entries of the form, as `fill` takes them.
  values() {
    const patient = Object.fromEntries(SENT.map((id) => [id, byId(id).value]).filter(([, value]) => value !== ""));
    return { results: this.results.values(), patient, terms: Object.values(this.context.read()).flat() };
  }

  // Fills the form from a link. Entries that this form does not have are left out, and the user is told so.
  open({ results = {}, patient = {}, terms = [] }) {
    const text = (value) => (typeof value === "string" ? value : "");
    const known = Object.entries(results).filter(([key, value]) => this.results.analytes.has(key) && Array.isArray(value));
    const values = Object.entries(patient).filter(([id]) => SENT.includes(id));
    const chosen = this.vocabulary.terms.map(({ key }) => key).filter((key) => terms.includes?.(key));
    this.fill({
      results: Object.fromEntries(known.map(([key, [value, unit]]) => [key, [text(value), text(unit)]])),
      patient: Object.fromEntries(values.map(([id, value]) => [id, text(value)])),
      terms: chosen,
    });
    const read = known.length + values.length + chosen.length;
    const lost = Object.keys(results).length + Object.keys(patient).length + (terms.length ?? 0) - read;
    const left = lost ? `; ${count(lost, "entry", "entries")} left out as unknown here` : "";
    byId("from-link").textContent = read ? `Filled in from a link${left}. Check every value.` : "The link contains no readable entries.";
    byId("from-link").hidden = false;
  }

  #reset() {
    byId("from-link").hidden = true;
    byId("form").reset();
    this.results.reset();
    this.context.reset();
  }

  // Asks after a pause; a pending question is dropped, so an older answer never follows a newer one.
  ask(pause = 0) {
    clearTimeout(this.waiting);
    this.asking?.abort();
    const question = this.#question();
    byId("shown").setAttribute("aria-busy", question !== null);
    this.waiting = setTimeout(() => (question === null ? this.#nothing() : this.#send(question)), pause);
  }

  #nothing() {
    this.problems = [];
    this.#mark();
    this.answer.showNothing();
  }

  async #send(question) {
    const asking = (this.asking = new AbortController());
    try {
      await service.ready;
    } catch {
      return; // the reason is shown in place of the loading bar
    }
    if (asking.signal.aborted) return;
    const late = setTimeout(() => asking.abort(LATE), WAIT);
    try {
      this.#show(await service.interpret(question, asking.signal));
    } catch (error) {
      if (asking.signal.aborted && asking.signal.reason !== LATE) return;
      this.problems = [];
      this.answer.showFailure(error instanceof Refused ? error.message : service.silent);
    } finally {
      clearTimeout(late);
    }
    byId("shown").setAttribute("aria-busy", "false");
    this.#mark();
  }

  #show(result) {
    try {
      this.problems = result.problems;
      this.answer.show(result, this.#entered(result));
    } catch (error) {
      console.error(error);
      throw new Refused("This page cannot show the answer of the service. Are both of the same version?");
    }
  }

  // The lines for the patient's note, from the words of the library.
  async #note() {
    const question = this.#question();
    return question && (await service.interpret({ ...question, answer: "note" }, this.asking.signal)).note;
  }

  // Returns the entries as the keywords of interpret(), or null if there is nothing to interpret yet.
  #question() {
    const results = this.results.read();
    const terms = this.context.read();
    if (!Object.keys(results).length && !Object.keys(terms).length) return null;
    const given = { ...results, ...terms, unreported_context: byId("unreported").value, decimal: byId("decimal").value };
    for (const id of ["age", "sex", "elevation", "guideline", "formulary"]) if (byId(id).value.trim()) given[id] = byId(id).value.trim();
    const pregnancy = byId("pregnancy").value;
    if (["1", "2", "3"].includes(pregnancy)) given.trimester = pregnancy;
    else if (pregnancy) given.pregnant = pregnancy;
    return given;
  }

  #isAnswered(field) {
    return !["find", "add"].includes(field.id) && field.type !== "checkbox";
  }

  // Puts each problem beside the field that it concerns. While a row is being filled in, a missing unit is asked for, not faulted.
  #mark() {
    document.querySelectorAll("#form .problem").forEach((note) => note.remove());
    document.querySelectorAll("#form [aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    document.querySelectorAll("#form [data-described]").forEach((field) => describe(field, field.dataset.described));
    for (const problem of this.problems ?? []) this.#markOne(problem);
  }

  #markOne({ field, code, message }) {
    const result = this.results.field(field);
    const input = result ? (result.unit && code === "missing_unit" ? result.unit : result.value) : PATIENT[field] && byId(PATIENT[field]);
    if (!input) return;
    const row = input.closest(".row");
    const unfinished = code === "missing_unit" && row.contains(document.activeElement);
    const id = `problem-${input.id}`;
    const where = code === "decimal_comma" ? ". Choose it under Method, More." : "";
    const text = unfinished ? "Choose its unit." : capital(message.replace(`${field}: `, "")) + where;
    row.append(el("p", { class: unfinished ? "problem unfinished" : "problem", id }, text));
    for (const each of result ? [result.value, result.unit].filter(Boolean) : [input]) describe(each, each.dataset.described ?? each.getAttribute("aria-describedby") ?? "", id);
    if (!unfinished) input.setAttribute("aria-invalid", "true");
  }

  // The patient and the results that were interpreted: for the printed page, which leaves out the form.
  #entered(result) {
    const chosen = (id) => byId(id).selectedOptions[0].textContent;
    const patient = [
      byId("age").value.trim() ? `age ${byId("age").value.trim()}` : "age not given",
      byId("sex").value ? chosen("sex") : "sex not given",
      byId("pregnancy").value ? `pregnancy: ${chosen("pregnancy")}` : "",
      ...this.context.labels(),
    ].filter(Boolean);
    const results = Object.values(result.results).map(({ label, given }) => `${label} ${this.answer.printed(given)}`);
    return el("section", { class: "entered" }, el("h3", {}, "Entered"), el("p", {}, results.join("; ") || "no results", "."), el("p", {}, patient.join("; "), "."));
  }
}

function describe(field, own, problem = "") {
  field.dataset.described = own;
  const ids = [own, problem].filter(Boolean).join(" ");
  if (ids) field.setAttribute("aria-describedby", ids);
  else field.removeAttribute("aria-describedby");
}

async function start() {
  if (service.where) byId("where").textContent = service.where;
  const page = new Page(await service.vocabulary());
  const sent = fromFragment();
  if (sent) page.open(sent);
  document.documentElement.dataset.ready = "true";
  await service.start();
}

start().catch((error) => {
  const why = error instanceof Refused ? error.message : service.gone;
  byId("shown").replaceChildren(el("h2", { id: "verdict" }, "No answer"), el("p", { class: "statement" }, why));
  byId("answer").dataset.status = "failed";
});
