// SMART App Launch: the authorization code with PKCE, by oauth4webapi, which checks the state and the response.
// Between the two pages, the browser's session keeps the verifier. Only this page keeps the token, in memory.

import * as oauth from "../oauth4webapi.js";
import { Refused } from "./outcome.js";

const KEPT = "b12labs-sign-in";
const HERE = `${location.origin}${location.pathname}`;

export const plain = (address) => address.replace(/\/+$/, "");

const local = (address) => ["localhost", "127.0.0.1", "[::1]"].includes(new URL(address).hostname);

// Returns a server's sign-in configuration. Only addresses that the page's own policy allows are asked.
async function authorization({ iss, name }) {
  const response = await fetch(`${iss}/.well-known/smart-configuration`, { headers: { Accept: "application/json" }, credentials: "omit" }).catch(() => null);
  const told = response?.ok ? await response.json().catch(() => null) : null;
  if (!told?.authorization_endpoint || !told?.token_endpoint) throw new Refused(`${name} does not say how to sign in (smart-configuration). Nothing was read.`);
  if (!told.code_challenge_methods_supported?.includes("S256")) throw new Refused(`${name} does not offer a sign-in with PKCE (S256), without which this page does not sign in. Nothing was read.`);
  return { issuer: told.issuer ?? iss, authorization_endpoint: told.authorization_endpoint, token_endpoint: told.token_endpoint };
}

const scopes = ({ resources, scopes: version }) => resources.map((kind) => `patient/${kind}.${version === "v1" ? "read" : kind === "Patient" ? "r" : "rs"}`);

// Goes to the sign-in of a server, with the launch that the EHR gave, or without one.
export async function signIn(server, launch) {
  const as = await authorization(server);
  const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
  sessionStorage.setItem(KEPT, JSON.stringify({ iss: server.iss, verifier, state }));
  const asked = {
    response_type: "code",
    client_id: server.client_id,
    redirect_uri: HERE,
    scope: [launch ? "launch" : "launch/patient", ...scopes(server)].join(" "),
    state,
    aud: server.iss,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...(launch ? { launch } : {}),
  };
  const address = new URL(as.authorization_endpoint);
  Object.entries(asked).forEach(([name, value]) => address.searchParams.set(name, value));
  location.assign(address);
}

// Reads the response of the sign-in, and returns the server, the token and the patient.
export async function signedIn(servers) {
  const back = new URLSearchParams(location.search);
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  history.replaceState(null, "", HERE); // the code must not stay in the history
  const server = servers.find(({ iss }) => iss === kept?.iss);
  if (!server || back.get("state") !== kept.state) throw new Refused("This sign-in did not begin in this window, or was used already. Open b12labs again from the record.");
  if (back.has("error")) throw new Refused(refusal(back));
  const as = await authorization(server);
  const client = { client_id: server.client_id };
  try {
    const checked = oauth.validateAuthResponse(as, client, back, kept.state);
    const options = { [oauth.allowInsecureRequests]: local(server.iss) };
    const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), checked, HERE, kept.verifier, options);
    const token = await oauth.processAuthorizationCodeResponse(as, client, response);
    if (!token.patient) throw new Refused(`${server.name} did not say whose record is open. Open b12labs from a patient’s record.`);
    return { server, token: token.access_token, patient: token.patient, scope: token.scope ?? "" };
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(`The sign-in at ${server.name} did not succeed (${error.error ?? error.code ?? error.message}). Nothing was read.`);
  }
}

function refusal(back) {
  const why = back.get("error") === "access_denied" ? "Access to the record was refused at the sign-in" : `The sign-in ended with “${back.get("error")}”`;
  return `${[why, back.get("error_description")].filter(Boolean).join(": ").replace(/\.$/, "")}. Nothing was read.`;
}
