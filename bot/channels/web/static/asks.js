// What the field is while a question is open: what it is called, and what keyboard and memory of the browser's help.

/** @import { Ask, Words } from "../wire.js" */

/** @type {Record<string, Record<string, string>>} */
const HELP = {
  organisation: { autocomplete: "organization", autocapitalize: "words" },
  name: { autocomplete: "name", autocapitalize: "words", spellcheck: "false" },
  email: { autocomplete: "email", inputmode: "email", autocapitalize: "none", spellcheck: "false" },
  job: { autocomplete: "organization-title" },
  phone: { autocomplete: "tel", inputmode: "tel" },
  number: { inputmode: "numeric" },
  place: { autocomplete: "address-level2", autocapitalize: "words" },
};
const NAMES = ["autocomplete", "inputmode", "autocapitalize", "spellcheck"];

/**
 * The attributes that the field has for this question; null takes one away.
 * @param {Ask | undefined} ask
 * @param {Words} words
 * @returns {Record<string, string | null>}
 */
export function attributes(ask, words) {
  const help = (ask && HELP[words[`ask_${ask.field}`] ?? ""]) ?? {};
  const given = Object.fromEntries(NAMES.map((name) => [name, help[name] ?? null]));
  return { ...given, placeholder: ask ? words.placeholder_answer : words.placeholder };
}

/**
 * What the field is called.
 * @param {Ask | undefined} ask
 * @param {Words} words
 */
export function label(ask, words) {
  return ask?.label ?? words.field_label;
}

/**
 * How far one is: "Question 3 of 5"; "" for a question that is none of those.
 * @param {Ask | undefined} ask
 * @param {Words} words
 */
export function progress(ask, words) {
  if (!ask?.step || !ask.of) return "";
  return words.progress.replace("{step}", String(ask.step)).replace("{of}", String(ask.of));
}
