// Without the server a visitor who returns reads the page as it was kept (static/kept.js): the card, whom to write to or
// ring, and a field in which what is typed waits. Nothing else is answered from here, and nothing is counted.

/** @param {Request} request */
async function answered(request) {
  const { pathname } = new URL(request.url);
  const answer = await fetch(request).catch(() => Response.error());
  if (answer.status && answer.status < 500) return answer;
  return (await caches.match(pathname, { ignoreSearch: true })) ?? answer;
}

const worker = /** @type {any} */ (self);
worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { origin, pathname } = new URL(event.request.url);
  const ours = origin === location.origin && (pathname === "/" || pathname.startsWith("/static/"));
  if (ours && event.request.method === "GET") event.respondWith(answered(event.request));
});
