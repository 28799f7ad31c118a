// Who says something, and when: told once a run of the same speaker, and after a pause.

const PAUSE = 300_000;

/**
 * @typedef {object} Turn
 * @property {string} from who says it
 * @property {Date} at
 */

/**
 * What is told above something that is said.
 * @param {Turn | null} before what was said last; null: this is the first
 * @param {Turn} now
 */
export function told(before, now) {
  if (!before) return { who: true, time: false };
  const pause = now.at.getTime() - before.at.getTime() >= PAUSE;
  return { who: pause || before.from !== now.from, time: pause };
}

/**
 * What staff say, taken apart: the line that says whose words they are, as text, and the rest.
 * @param {string} html
 */
export function introduced(html) {
  const [, line = "", rest = html] = /^<b>([^<&]*?):?<\/b>\s*(.+)$/s.exec(html) ?? [];
  return [line, rest];
}

/**
 * The initials of whoever is named first: "AK" of "Anne Kunst or a colleague".
 * @param {string} name
 */
export function initials(name) {
  const [first = "", second = ""] = name.split(" ");
  const capital = second.slice(0, 1);
  return first.slice(0, 1) + (capital === capital.toLowerCase() ? "" : capital);
}
