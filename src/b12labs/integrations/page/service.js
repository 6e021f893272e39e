// The service that answers the page: here the b12labs service that sent it. The page without a server has another file
// of this name.

import { reasons, Refused } from "./outcome.js";

export const service = {
  ready: Promise.resolve(),
  silent: "The b12labs service does not answer. Is it still running?",
  gone: "The b12labs service does not answer. Start it again, then load this page again.",
  where: ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)
    ? "What you type goes to b12labs on this computer and nowhere else; it is not stored."
    : null,

  async start() {},

  async vocabulary() {
    const response = await fetch("vocabulary");
    if (!response.ok) throw new Error(`vocabulary: ${response.status}`);
    return response.json();
  },

  // Returns the answer of POST /interpret; throws Refused with the reason if the service refuses.
  async interpret(question, signal) {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch("interpret", { method: "POST", body: JSON.stringify(question), headers, signal, cache: "no-store", credentials: "omit" });
    const body = await response.json();
    signal.throwIfAborted();
    if (response.ok) return body;
    throw new Refused(reasons(body) || `The service answered with ${response.status}.`);
  },
};
