// The page in an EHR: signs in, reads the record into this browser, and shows the interpretation that Python makes here.

import { Answer } from "./answer.js";
import { byId, count, el } from "./element.js";
import { Refused } from "./outcome.js";
import { record } from "./reading.js";
import { answered, service } from "./service.js";
import { plain, signedIn, signIn } from "./sign_in.js";
import { printing } from "./taking.js";

const NAMES = {
  Patient: "who the patient is", Observation: "laboratory results", Condition: "conditions", MedicationRequest: "prescriptions",
  MedicationStatement: "medicines taken", Procedure: "operations", AllergyIntolerance: "allergies", FamilyMemberHistory: "the family",
};

const here = new URL("../", import.meta.url);
const json = async (name) => (await fetch(new URL(name, here))).json();

class Page {
  constructor(vocabulary) {
    this.answer = new Answer(vocabulary, null, () => answered("note of draw", this.asked), printing());
    byId("version").textContent = vocabulary.version;
    byId("guideline").append(...vocabulary.guidelines.map(({ key, title }) => el("option", { value: key, selected: key === vocabulary.guideline }, title)));
    byId("form").addEventListener("submit", (event) => event.preventDefault());
    byId("form").addEventListener("change", () => this.show());
  }

  fail(error) {
    console.error(error);
    this.answer.showFailure(error instanceof Refused ? error.message : service.gone);
  }

  // Without a launch from an EHR, offers the servers to sign in at.
  choose(servers) {
    const buttons = servers.map((server) => el("button", { type: "button", click: () => this.go(server) }, `Sign in at ${server.name}`));
    byId("servers").replaceChildren(el("p", { class: "hint" }, "The sign-in asks for permission to read one patient’s results and context. It cannot change anything."), el("p", { class: "buttons" }, buttons));
    byId("servers").hidden = false;
  }

  async go(server, launch) {
    await signIn(server, launch).catch((error) => this.fail(error));
  }

  async read(session) {
    const started = service.start();
    started.catch(() => {});
    const read = await record(session, (pages) => (byId("spoken").textContent = `${count(pages, "page")} of the record read.`));
    this.#patient(read.pages[0], session);
    const lost = read.missing.find(({ kind, pages }) => ["Patient", "Observation"].includes(kind) && !pages);
    if (lost) throw new Refused(`${session.server.name} ${lost.why} when it was asked for ${NAMES[lost.kind]}. Nothing was interpreted.`);
    await started;
    this.contents = await answered("record", { pages: read.pages, patient: session.patient, following: read.following });
    // Context that could not be read is not taken as absent.
    this.unreported = read.missing.some(({ kind }) => kind !== "Observation") ? "unknown" : "absent";
    this.#understood(this.contents, read.missing, session.server);
    this.#draws(this.contents);
    await this.show();
  }

  #patient(text, { patient }) {
    const told = text ? JSON.parse(text) : {};
    const name = told.name?.[0];
    const called = name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(" ");
    const facts = [told.birthDate && `born ${told.birthDate}`, told.gender ?? "sex not said"].filter(Boolean).join(", ");
    byId("patient").replaceChildren(el("p", { class: "route" }, el("bdi", {}, called || `Patient ${patient}`)), el("p", { class: "hint" }, facts));
    byId("patient").hidden = false;
  }

  #draws({ draws, first }) {
    const options = draws.map(({ time, results }, place) => el("option", { value: place, selected: place === first }, `${time.replace("T", " ").slice(0, 16)}: ${results.slice(0, 3).join(", ")}${results.length > 3 ? ` and ${results.length - 3} more` : ""}`));
    byId("draw").replaceChildren(...options.reverse());
    byId("choices").hidden = draws.length === 0;
  }

  // Shows everything in the record that was not read, not used or not understood.
  #understood({ draws, problems, notes, others, incomplete }, missing, server) {
    const lines = [
      ...missing.map(({ kind, why, pages }) => `${NAMES[kind]}: ${server.name} ${why}${pages ? ` after ${count(pages, "page")}` : ""}. Its content is taken as unknown.`),
      incomplete && !missing.length ? "The server announced more than it sent. What is missing is taken as unknown." : null,
    ].filter(Boolean);
    const entry = ({ source, message }) => el("li", {}, message, " ", el("small", { class: "soft" }, source));
    const many = (list, title, id) => (list.length ? el("details", { id }, el("summary", {}, title, " ", el("span", { class: "number" }, list.length)), el("ul", { class: "read" }, list.map(entry))) : null);
    byId("understood").replaceChildren(
      ...[
        lines.length ? el("section", { class: "problems" }, el("h3", {}, "Not read"), el("ul", {}, lines.map((line) => el("li", {}, line)))) : null,
        many(problems, "Not used or not understood", "unused"),
        many(notes, "Used, with a remark", "noted"),
        el("p", { class: "hint" }, `${count(draws.length, "blood draw")} with results that b12labs reads. ${count(others, "result")} of other tests ignored.`),
      ].filter(Boolean),
    );
  }

  async show() {
    if (!this.contents?.draws.length) {
      this.answer.showFailure("This record has no laboratory result that b12labs reads. Nothing is concluded from that.");
      byId("answer").dataset.status = "not_assessed";
      return;
    }
    this.asked = { place: Number(byId("draw").value), guideline: byId("guideline").value, unreported_context: this.unreported };
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const result = await answered("draw", this.asked, this.asking.signal);
      this.answer.show(result, this.#entered(result));
    } catch (error) {
      if (!this.asking.signal.aborted) this.fail(error);
    }
  }

  #entered(result) {
    const results = Object.values(result.results).map(({ label, given }) => `${label} ${this.answer.printed(given)}`);
    return el("section", { class: "entered" }, el("h3", {}, "Read from the record"), el("p", {}, byId("patient").innerText.replaceAll("\n", " "), ". ", results.join("; "), "."));
  }
}

async function start() {
  const [vocabulary, { servers }] = await Promise.all([service.vocabulary(), json("smart.json")]);
  const page = new Page(vocabulary);
  const asked = new URLSearchParams(location.search);
  const launched = asked.get("iss");
  const server = servers.find(({ iss }) => iss === plain(launched ?? ""));
  try {
    if (asked.has("state") || asked.has("error")) await page.read(await signedIn(servers));
    else if (launched === null) page.choose(servers);
    else if (server) await page.go(server, asked.get("launch"));
    else throw new Refused(`This page is not set up for ${launched}. The person who built it lists the servers that it may read.`);
  } catch (error) {
    page.fail(error);
  }
  document.documentElement.dataset.ready = "true";
}

start().catch((error) => {
  console.error(error);
  byId("shown").replaceChildren(el("h2", { id: "verdict" }, "No answer"), el("p", { class: "statement" }, service.gone));
});
