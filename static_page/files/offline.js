// Keeps the files of one version of the page, and answers with them. Versions are never mixed, online or offline.

const VERSION = "BUILD";
const FILES = FILE_LIST;

// Takes a file from the browser's cache, or loads it again if the cached file is not of this version.
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
