// Reads a patient's record from a FHIR server, page by page, as text, so that numbers keep their digits.

import { Refused } from "./outcome.js";

const MOST = 100; // pages of one search

class Unread extends Error {}

async function page(address, token) {
  const headers = { Accept: "application/fhir+json", Authorization: `Bearer ${token}` };
  const response = await fetch(address, { headers, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" }).catch(() => null);
  if (response?.status === 401) throw new Refused("The sign-in has expired. Open b12labs again from the record.");
  if (!response?.ok) throw new Unread(response ? `answered with ${response.status}` : "did not answer");
  return response.text();
}

const nextOf = (text) => JSON.parse(text).link?.find?.(({ relation }) => relation === "next")?.url;

// Adds the pages of one search. A page that does not arrive is recorded as missing; the pages before it are kept.
async function search(address, { server, token, pages, following, missing, say }, kind) {
  for (let number = 1; address; number++) {
    const last = pages.length - 1;
    try {
      const text = await page(address, token);
      if (number > 1) following.push(last);
      const next = nextOf(text);
      pages.push(text);
      say(pages.length);
      if (!next) return;
      const following_ = new URL(next, `${server.iss}/`);
      if (!following_.href.startsWith(`${server.iss}/`) && following_.href !== server.iss && following_.origin !== new URL(server.iss).origin) throw new Unread("names a next page elsewhere");
      if (number === MOST) throw new Unread(`has more than ${MOST} pages`);
      address = following_;
    } catch (error) {
      if (!(error instanceof Unread || error instanceof SyntaxError)) throw error;
      missing.push({ kind, why: error instanceof Unread ? error.message : "answered without FHIR", pages: number - 1 });
      return;
    }
  }
}

// Returns the pages, the places of those that are followed by the next, and the searches that could not be read.
export async function record({ server, token, patient }, say) {
  const read = { server, token, pages: [], following: [], missing: [], say };
  const whose = encodeURIComponent(patient);
  await search(`${server.iss}/Patient/${whose}`, read, "Patient");
  for (const kind of server.resources.filter((each) => each !== "Patient")) {
    const only = kind === "Observation" ? "&category=laboratory" : "";
    await search(`${server.iss}/${kind}?patient=${whose}${only}&_count=200`, read, kind);
  }
  return { pages: read.pages, following: read.following, missing: read.missing };
}
