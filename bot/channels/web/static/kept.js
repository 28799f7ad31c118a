// The page is kept in the browser for when the server is away: worker.js shows it then. Nothing of the person is in it.

const PLACE = "page";
const WORKER = "/worker.js";

/** The page's one address that is a script's: where a browser asks for it, what a text may become such an address. */
function address() {
  const types = /** @type {any} */ (window).trustedTypes;
  return types ? types.createPolicy("page", { createScriptURL: () => WORKER }).createScriptURL("") : WORKER;
}

/** Keep the page and its files as they are now; of what was kept before only these stay. */
async function keep() {
  const place = await caches.open(PLACE);
  const nodes = document.head.querySelectorAll("link[rel=stylesheet], link[rel=icon], script");
  const files = [...nodes].map((node) => /** @type {any} */ (node).href ?? /** @type {any} */ (node).src);
  await place.addAll(files);
  await place.put("/", await fetch(location.href));
  const wanted = [...files, new URL("/", location.href).href];
  for (const { url } of await place.keys()) if (!wanted.includes(url)) await place.delete(url);
}

/** Keep the page once all of it is there, where the browser can. */
export function keepPage() {
  const workers = navigator.serviceWorker;
  if (!workers || !("caches" in window)) return;
  // A browser that has no room, or does not allow it, shows its own page while the server is away.
  addEventListener("load", () =>
    workers
      .register(address())
      .then(keep)
      .catch(() => {}),
  );
}
