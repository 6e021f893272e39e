// The OpenAPI document of this service as a page: every path with its input and its answers.

import { byId, el } from "/page/element.js";

const json = (value) => el("pre", {}, JSON.stringify(value, null, 2));

function schemaOf(content) {
  const [kind, held] = Object.entries(content ?? {})[0] ?? [];
  return kind ? el("details", {}, el("summary", {}, kind), json(held.schema)) : null;
}

function operation(path, method, told) {
  const answers = Object.entries(told.responses).map(([status, answer]) =>
    el("li", {}, el("strong", {}, status), ` ${answer.description}`, schemaOf(answer.content)));
  const parameters = (told.parameters ?? []).map((each) =>
    el("li", {}, el("strong", {}, each.name), ` in ${each.in} `, json(each.schema)));
  return el("section", {},
    el("h2", {}, `${method.toUpperCase()} ${path}`),
    el("p", {}, told.description ?? told.summary),
    parameters.length ? el("ul", {}, parameters) : null,
    told.requestBody ? [el("h3", {}, "Takes"), schemaOf(told.requestBody.content)] : null,
    el("h3", {}, "Answers"),
    el("ul", {}, answers));
}

const told = await (await fetch("/openapi.json")).json();
const operations = Object.entries(told.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, each]) => operation(path, method, each)));
const schemas = Object.entries(told.components.schemas).map(([name, schema]) =>
  el("details", {}, el("summary", {}, name), json(schema)));
byId("paths").append(el("p", {}, told.info.description), ...operations, el("h2", {}, "Schemas"), ...schemas);
document.documentElement.dataset.ready = "";
