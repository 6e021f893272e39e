// An interpretation: the answer first, then the deciding results, the treatment, and the open questions.

import { byId, capital, copyText, count, el, words } from "./element.js";

// How laboratories write a power of ten and a micro sign, if a unit is not one of the vocabulary's spellings.
const POWER = /(?:[x×X] ?)?10[*^](\d{1,2})(?=\/)/g;
const MICRO = /(^|[^A-Za-zµ])u(?=(?:g|mol|L|kat)(?![A-Za-z]))/g;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const DECIDED = ["deficient", "functional_deficiency", "deficiency_unlikely"];

export class Answer {
  // `enter` moves to the field of a test, if there is a form; `note` returns lines; `taken` comes at the end.
  constructor(vocabulary, enter, note, taken) {
    this.vocabulary = vocabulary;
    this.enter = enter;
    this.note = note;
    this.taken = taken;
    this.empty = [...byId("shown").childNodes];
    this.units = [...new Map(vocabulary.analytes.flatMap((analyte) => analyte.units).map((unit) => [unit.ucum, unit.label]))];
  }

  showNothing() {
    this.#put("", this.empty, { bar: "To the answer", spoken: "" });
  }

  // The failure replaces an older answer, which no longer fits the form.
  showFailure(message) {
    const heading = el("h2", { id: "verdict" }, "No answer");
    this.#put("failed", [heading, el("p", { class: "statement" }, message)], { bar: "No answer", spoken: `No answer. ${message}` });
  }

  show(result, entered) {
    const headline = this.vocabulary.headlines[result.status];
    const urgency = result.urgency === "routine" ? "" : result.urgency;
    const problems = result.problems.length ? count(result.problems.length, "problem") : "";
    const open = new Set([...byId("shown").querySelectorAll("details[open]")].map((details) => details.id));
    const parts = [
      this.#verdict(result, headline, urgency),
      this.#forNote(),
      this.#problems(result),
      entered,
      this.#evidence(result),
      this.#treatment(result),
      this.#nextTests(result),
      this.#open(result),
      this.#causes(result),
      this.#beside(result),
      this.#assumptions(result),
      this.#sources(result),
      this.taken && el("div", { class: "take" }, this.taken),
    ].flat().filter(Boolean);
    const bar = [headline, urgency, problems].filter(Boolean).join(" · ");
    const spoken = [`${headline}.`, urgency && `${capital(urgency)}.`, problems && `${problems} with what was entered.`].filter(Boolean).join(" ");
    this.#put(result.status, parts, { bar, spoken });
    open.forEach((id) => byId(id) && (byId(id).open = true));
  }

  #put(status, parts, { bar, spoken }) {
    byId("answer").dataset.status = status;
    byId("shown").replaceChildren(...parts);
    byId("bar").textContent = bar;
    byId("bar").dataset.status = status;
    if (byId("spoken").textContent !== spoken) byId("spoken").textContent = spoken;
  }

  #verdict(result, headline, urgency) {
    const found = this.vocabulary.said.filter((code) => result.findings[code]?.state === true).map((code) => result.findings[code]);
    const facts = [
      ["Functional deficiency", said(result.functional_deficiency)],
      ["Anemia", result.anemia && result.anemia_grade ? `yes, ${result.anemia_grade}` : said(result.anemia)],
      ["Megaloblastic anemia", said(result.megaloblastic_anemia)],
    ];
    const above = el("p", { class: "above" }, urgency ? el("strong", { class: `urgency ${urgency}` }, capital(urgency)) : null, el("span", {}, result.guideline_title));
    const rest = el(
      "div",
      { class: "verdict" },
      el("p", { class: "statement" }, result.statement, this.#cite(result.status_sources)),
      result.urgency_because.length ? el("p", { class: "why" }, `${capital(urgency)}: ${result.urgency_because.map((reason) => reason.text).join("; ")}.`, this.#cite(result.urgency_because.flatMap((reason) => reason.sources))) : null,
      result.status === "not_assessed" ? null : el("dl", { class: "facts" }, facts.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value)))),
      found.length ? el("ul", { class: "said" }, found.map((finding) => el("li", {}, finding.statement, this.#cite(finding.sources)))) : null,
    );
    return [el("div", { class: "headline" }, above, el("h2", { id: "verdict" }, headline)), rest];
  }

  #problems(result) {
    const items = result.problems.map((problem) => el("li", {}, problem.message));
    return items.length ? section("Not used", el("p", { class: "hint" }, "The answer does not use these."), el("ul", { class: "problems" }, items)) : null;
  }

  // The lines for the patient's note: requested when the user opens them, in plain text, which any record accepts.
  #forNote() {
    if (!this.note) return null;
    const lines = el("pre", { id: "note-lines", tabindex: "0", "aria-label": "Lines for the note" }, "…");
    const told = el("span", { role: "status" });
    const copy = el("button", { type: "button", click: () => copyText(lines, told) }, "Copy");
    const open = async ({ target }) => {
      if (target.open) lines.textContent = (await this.note().catch(() => "")) || "The lines are not available.";
    };
    return el("details", { id: "note", toggle: open }, el("summary", {}, "Copy for the note"), lines, el("p", {}, copy, " ", told));
  }

  #evidence(result) {
    if (!result.evidence.length) return null;
    const beyond = new Set(result.evidence.filter(({ relation }) => !relation.startsWith("not ")).map(({ analyte }) => analyte));
    const shown = result.evidence.filter(({ analyte, relation }) => !relation.startsWith("not ") || !beyond.has(analyte));
    // The roles repeat those of the elements: on a phone each row is laid out as a block, and would lose them.
    const rows = shown.map((entry) =>
      el(
        "tr",
        { role: "row" },
        el("th", { role: "rowheader", scope: "row" }, entry.label),
        el("td", { role: "cell" }, el("span", { class: "value" }, this.printed(entry.value)), " ", el("span", { class: "limit" }, `${entry.relation} ${this.printed(entry.limit)}`)),
        el("td", { role: "cell" }, entry.source_name, " ", entry.checked ? el("span", { class: "checked" }, `(${entry.checked})`) : null, this.#cite([entry.source]), entry.note ? el("small", {}, entry.note) : null),
      ),
    );
    const used = Object.keys(this.vocabulary.checked).filter((key) => shown.some((entry) => entry.checked === key));
    const heads = ["Result", "Value and limit", "Source of the limit"].map((text) => el("th", { role: "columnheader", scope: "col" }, text));
    const head = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heads));
    return section(
      "Decided by",
      el("table", { role: "table" }, head, el("tbody", { role: "rowgroup" }, rows)),
      el("p", { class: "hint" }, used.map((key) => `${key}: ${this.vocabulary.checked[key]}`).join("; "), "."),
    );
  }

  #treatment(result) {
    const { treatment } = result;
    if (result.status === "not_assessed" && treatment.route === "undetermined" && !treatment.cautions.length) return null;
    const statements = (said) => said.map((each) => el("li", {}, each.text, this.#cite(each.sources)));
    const list = (kind, said) => (said.length ? el("ul", { class: kind }, statements(said)) : null);
    const after = [...treatment.review, ...treatment.recovery, ...treatment.diet];
    return section(
      "Treatment route",
      el("p", { class: "route" }, capital(words(treatment.route))),
      el("p", {}, treatment.statement, this.#cite(treatment.sources)),
      treatment.because.length ? el("p", { class: "label" }, "Because") : null,
      list("reasons", treatment.because),
      this.#regimen(treatment),
      treatment.cautions.length || treatment.also.length ? el("p", { class: "label" }, "Take care") : null,
      list("cautions", [...treatment.cautions, ...treatment.also]),
      after.length ? el("details", { id: "after" }, el("summary", {}, "Review, recovery and diet"), list("after", after)) : null,
    );
  }

  #regimen({ regimen, duration, sources }) {
    const lines = [];
    if (regimen) {
      const dose = [regimen.loading, regimen.maintenance].filter(Boolean).join("; then ");
      const cited = [...new Set([regimen.source, regimen.maintenance_source])];
      lines.push(["Regimen", [`${capital(regimen.drug)}: ${dose}.`, this.#cite(cited), el("small", {}, `As printed in the ${regimen.formulary.toUpperCase()} source; a suggestion, not an order.`)]]);
    }
    if (duration) lines.push(["Duration", [`${capital(duration)}.`, this.#cite(sources)]]);
    return lines.length ? el("dl", { class: "plan" }, lines.map(([term, text]) => [el("dt", {}, term), el("dd", {}, text)])) : null;
  }

  #nextTests(result) {
    if (!result.next_tests.length) return null;
    const items = asked(result.next_tests).map(({ questions, tests }) => {
      const cited = tests[0].sources.filter((source) => tests.every((test) => test.sources.includes(source)));
      const add = !this.enter ? [] : tests.map((test) => el("button", { type: "button", click: () => this.enter(test.analyte) }, `Add ${test.label}`));
      const labels = tests.map((test) => test.label).join(", ");
      return el("li", {}, el("div", {}, el("strong", {}, labels), el("p", {}, questions.join(" "), this.#cite(cited))), el("div", { class: "add" }, add));
    });
    return section("Next tests", el("ul", { class: "tests" }, items));
  }

  #open(result) {
    if (DECIDED.includes(result.status)) {
      const listed = result.overturned_by.map((text) => el("li", {}, text));
      return section("Could overturn this", listed.length ? el("ul", {}, listed) : el("p", {}, "No open question."));
    }
    const possible = result.status === "not_assessed" ? [] : (result.possible.status ?? []).filter((outcome) => DECIDED.includes(outcome));
    return possible.length && possible.length < DECIDED.length ? section("Still possible", el("ul", {}, possible.map((outcome) => el("li", {}, this.vocabulary.headlines[outcome])))) : null;
  }

  #causes(result) {
    const items = result.causes.map((cause) =>
      el(
        "li",
        {},
        el("strong", {}, capital(cause.label)), ` (${cause.established ? "established" : "suggested"}): ${cause.speaks_for.join(", ")}`,
        cause.speaks_against.length ? `; against it: ${cause.speaks_against.join(", ")}` : "",
        cause.established ? "" : `; settled by ${cause.settled_by}`,
        ".", this.#cite(cause.sources),
      ),
    );
    return items.length ? section("Cause", el("ul", {}, items)) : null;
  }

  // Other causes of the reported symptoms, and the advice for these symptoms and the risk factors.
  #beside(result) {
    const { beside, red_flags: flags } = this.vocabulary;
    const symptoms = [...new Set(result.differential.flatMap((entry) => entry.raised_by))];
    const tables = symptoms.map((symptom) => {
      const others = result.differential.filter((entry) => !entry.b12 && entry.raised_by.includes(symptom));
      const items = others.map((entry) =>
        el(
          "li",
          {},
          el("strong", {}, capital(entry.label)), ` (${entry.cause}). Test: ${entry.test}. `,
          entry.against_b12 ? `Against low B12: ${entry.against_b12}. ` : "",
          `Usual treatment: ${entry.treatment}.${entry.checked === "unconfirmed" ? " (unconfirmed)" : ""}`, this.#cite([entry.source]),
        ),
      );
      return [el("p", { class: "label" }, `${capital(symptom)} could also be`), el("ul", {}, items)];
    });
    const found = beside.map((code) => result.findings[code]).filter((finding) => finding?.state === true);
    const list = found.map((finding) => el("li", {}, finding.statement, this.#cite(finding.sources)));
    const urgent = symptoms.length ? el("p", { class: "flags" }, `${flags.text} (${flags.checked})`, this.#cite([flags.source])) : null;
    if (!symptoms.length && !list.length) return null;
    return el("details", { id: "beside" }, el("summary", {}, "Other causes and findings"), tables, urgent, list.length ? el("ul", {}, list) : null);
  }

  #assumptions(result) {
    const index = result.combined_index;
    const value = index && (index.low === index.high ? index.low.toFixed(2) : `${index.low.toFixed(2)} to ${index.high.toFixed(2)}`);
    return [
      index ? section("Combined index 4cB12", el("p", {}, `${value}: ${words(index.index_class ?? "class open")} (unconfirmed). ${index.caveats.join(" ")}`, this.#cite(index.sources))) : null,
      section("Assumed", el("ul", {}, result.assumptions.map((text) => el("li", {}, text)))),
    ].filter(Boolean);
  }

  #sources(result) {
    const items = [...this.cited].map((key, place) => {
      const { short, title, url } = this.vocabulary.sources[key];
      const name = /^https:\/\//.test(url ?? "") ? el("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, title) : title;
      return el("li", {}, `${place + 1} `, el("strong", {}, short), ": ", name);
    });
    this.cited.clear();
    return el("details", { id: "sources", class: "sources" }, el("summary", {}, "Sources"), el("ul", {}, items));
  }

  cited = new Set();

  // Sources are numbered in the order in which they are cited, and listed once at the end.
  #cite(keys) {
    const known = [...new Set(keys)].filter((key) => this.vocabulary.sources[key]);
    known.forEach((key) => this.cited.add(key));
    const order = [...this.cited];
    const numbers = known.map((key) => order.indexOf(key) + 1).sort((one, other) => one - other);
    const names = known.map((key) => this.vocabulary.sources[key].short).join("; ");
    return numbers.length ? el("small", { class: "cite", title: names }, ` [${numbers.join(" ")}]`) : null;
  }

  // A unit at the end of a text as it is printed, on one line with its number; everything else stays as it was given.
  printed(text) {
    const unit = this.units.find(([ucum]) => text.endsWith(` ${ucum}`));
    if (unit) return `${text.slice(0, -unit[0].length - 1)}\u00a0${unit[1]}`;
    return text.replace(POWER, (_, power) => `×10${[...power].map((digit) => SUPERSCRIPTS[digit]).join("")}`).replace(MICRO, "$1µ");
  }
}

// Each question once, with the tests that would answer it; questions of the same tests together.
function asked(tests) {
  const groups = new Map();
  for (const question of new Set(tests.flatMap((test) => test.questions))) {
    const answering = tests.filter((test) => test.questions.includes(question));
    const key = answering.map((test) => test.analyte).join();
    if (!groups.has(key)) groups.set(key, { questions: [], tests: answering });
    groups.get(key).questions.push(question);
  }
  return [...groups.values()];
}


const said = (state) => (state === null ? "cannot tell" : state ? "yes" : "no");

function section(title, ...content) {
  return el("section", {}, el("h3", {}, title), content);
}
