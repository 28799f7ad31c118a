// What this tab remembers over a reload: the browser's session storage, or memory where that is closed to us.

/** @type {Map<string, unknown>} */
const memory = new Map();

/**
 * @param {string} key
 * @param {any} [otherwise]
 * @returns {any} what was remembered, as JSON keeps it
 */
export function recall(key, otherwise = null) {
  try {
    const text = sessionStorage.getItem(`chat.${key}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return memory.get(key) ?? otherwise;
  }
}

/**
 * @param {string} key
 * @param {unknown} value null forgets it
 */
export function remember(key, value) {
  memory.set(key, value);
  try {
    if (value === null) sessionStorage.removeItem(`chat.${key}`);
    else sessionStorage.setItem(`chat.${key}`, JSON.stringify(value));
  } catch {
    // Memory has it; a reload will forget it.
  }
}

/** Whether what is remembered is still there after a reload. */
export function keeps() {
  try {
    sessionStorage.setItem("chat.keeps", "1");
    sessionStorage.removeItem("chat.keeps");
    return true;
  } catch {
    return false;
  }
}

/** A name for a message that nobody else uses. (crypto.randomUUID is there on https only.) */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
