// The answers of a sign-up, as a list that can be changed row by row.

import { make } from "./dom.js";

/** @import { Given, Words } from "../wire.js" */

/**
 * @param {Given[]} rows
 * @param {Words} words
 * @param {((button: { id: string, label: string }) => void) | null} choose none: nothing can be changed any more
 */
export function listed(rows, words, choose) {
  return make("dl", "summary", ...rows.map((row) => listedRow(row, words, choose)));
}

/**
 * @param {Given} row
 * @param {Words} words
 * @param {((button: { id: string, label: string }) => void) | null} choose
 */
function listedRow({ label, value, edit }, words, choose) {
  const row = make("div", "given", make("dt", "", label), make("dd", "", value));
  if (!edit || !choose) return row;
  const change = make("button", "change", words.edit, make("span", "unseen", ` ${label}`));
  change.type = "button";
  change.addEventListener("click", () => choose({ id: edit, label: `${words.edit}: ${label}` }));
  row.append(make("dd", "", change));
  return row;
}
