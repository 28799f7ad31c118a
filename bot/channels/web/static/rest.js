// A pause that ends early when there is a reason to try again.

/** Says "online" when the connection is back; without a browser it says nothing. */
export const wakes = globalThis.window ?? new EventTarget();

/**
 * So long, or until the connection is back, or until `hold` is aborted.
 * @param {number} milliseconds
 * @param {AbortSignal} [hold]
 * @returns {Promise<void>}
 */
export function rest(milliseconds, hold) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      wakes.removeEventListener("online", done);
      hold?.removeEventListener("abort", done);
      resolve();
    }
    wakes.addEventListener("online", done);
    hold?.addEventListener("abort", done);
  });
}
