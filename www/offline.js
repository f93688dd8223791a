// Keeps the page working without a network: fresh files when there is one, the
// kept ones when there is not.

import { EXAMPLES } from "./app/examples.js";

const KEPT = "bodycopy";
const app = [
  "card", "cleaning", "cleaning-worker", "element", "examples", "figures", "follow", "layout", "legend", "lines",
  "link", "main", "map", "parts", "sheet", "tabs", "trust",
];
const files = [
  "./",
  "icon.svg",
  "fonts/newsreader.woff2",
  "fonts/newsreader-extended.woff2",
  ...["page", "document", "print"].map((name) => `style/${name}.css`),
  ...app.map((name) => `app/${name}.js`),
  "../pkg/bodycopy.js",
  "../pkg/bodycopy_bg.wasm",
  ...EXAMPLES.map(({ address }) => address.href),
];

addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((cache) => cache.addAll(files))
      .then(() => skipWaiting()),
  );
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  const cache = await caches.open(KEPT);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}
