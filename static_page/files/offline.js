// Keeps the files of one version of the page, and answers with them: with a connection or without, nothing is mixed.

const VERSION = "BUILD";
const FILES = FILE_LIST;

// What the browser loaded a moment ago is taken from there; what is not the file of this version is loaded anew.
async function keep(cache, [name, integrity]) {
  const address = new URL(name, self.registration.scope);
  const load = (from) => fetch(new Request(address, { integrity, cache: from }));
  const response = await load("force-cache").catch(() => load("reload"));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  await cache.put(address, response);
}

self.addEventListener("install", (event) => {
  const all = caches.open(VERSION).then((cache) => Promise.all(FILES.map((file) => keep(cache, file))));
  event.waitUntil(all.catch((error) => caches.delete(VERSION).then(() => Promise.reject(error))));
});

self.addEventListener("activate", (event) => {
  const old = async () => Promise.all((await caches.keys()).filter((name) => name.startsWith("b12labs-") && name !== VERSION).map((name) => caches.delete(name)));
  event.waitUntil(old());
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== self.location.origin) return;
  const address = new URL(event.request.url);
  if (address.href.split(/[?#]/)[0] === self.registration.scope) address.pathname += "index.html";
  const kept = async () => (await (await caches.open(VERSION)).match(address, { ignoreSearch: true })) ?? fetch(event.request);
  event.respondWith(kept());
});
