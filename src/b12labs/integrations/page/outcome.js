// What is refused, in the words of whoever refuses it.

export class Refused extends Error {}

// What an OperationOutcome says is wrong, in a sentence or more.
export const reasons = (outcome) => (outcome.issue ?? []).map((issue) => issue.diagnostics).filter(Boolean).join(" ");
