// A refusal, with the reason in the words of the service.

export class Refused extends Error {}

// Returns the reasons of an OperationOutcome, in one sentence or more.
export const reasons = (outcome) => (outcome.issue ?? []).map((issue) => issue.diagnostics).filter(Boolean).join(" ");
