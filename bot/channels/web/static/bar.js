// What stands on the dock while a sign-up is under way: how far one is, what was given, the way back, the way out, and
// at the review what one agrees to with the button that sends.

import { progress } from "./asks.js";
import { make } from "./dom.js";
import { build } from "./html.js";
import { listed } from "./summary.js";

/**
 * @import { Commands } from "./html.js"
 * @import { Ask, Button, Message, Words } from "../wire.js"
 */

/**
 * Where each button of a message stands: `main` and `ways` on the dock, those that change an answer in its row, and
 * the others under the message itself.
 * @param {Message} message
 * @returns {{ main: Button[], ways: Button[], under: Button[][] }}
 */
export function divided({ buttons = [], ask, summary }) {
  const all = buttons.flat();
  const edits = summary?.map((row) => row.edit ?? "") ?? [];
  const main = summary && !ask ? all.filter((one) => one.role === "primary") : [];
  const ways = ask || main.length ? all.filter((one) => one.role === "quiet") : [];
  const stays = (/** @type {Button} */ one) =>
    ![...ways, ...main].includes(one) && !edits.some((edit) => edit === one.id || edit.startsWith(`${one.id}:`));
  const under = buttons.map((row) => row.filter(stays)).filter((row) => row.length);
  return { main, ways, under };
}

export class Bar {
  /**
   * @param {HTMLElement} place
   * @param {Words} words
   * @param {(button: Button) => void} choose
   * @param {Commands} commands
   */
  constructor(place, words, choose, commands) {
    this.place = place;
    this.words = words;
    this.choose = choose;
    this.commands = commands;
  }

  /** @param {Message | undefined} message the latest of the bot's; none: nothing is asked */
  show(message) {
    const { main = [], ways = [] } = message ? divided(message) : {};
    const parts = message ? [...this.agreement(message, main), ...this.progress(message, ways)] : [];
    this.place.replaceChildren(...parts);
    this.place.hidden = !parts.length;
  }

  /**
   * @param {Message} message
   * @param {Button[]} main
   */
  agreement({ below, language }, main) {
    if (!main.length) return [];
    const text = make("div", "below", build((below ?? "").replace(/\n+/g, "\n"), this.commands));
    if (language) text.lang = language;
    return [text, ...main.map((button) => this.button(button, "choice primary"))];
  }

  /**
   * @param {Message} message
   * @param {Button[]} ways
   */
  progress({ ask, summary }, ways) {
    const row = make("div", "ways", ...ways.map((button) => this.button(button, "way")));
    const far = progress(ask, this.words);
    if (!far) return ways.length ? [row] : [];
    const told = [make("span", "", far), steps(ask)];
    if (!summary?.length) {
      row.prepend(make("p", "far", ...told));
      return [row];
    }
    const panel = make("div", "panel", listed(summary, this.words, this.choose));
    panel.id = "given";
    panel.hidden = true;
    row.prepend(this.opener(panel, told));
    return [panel, row];
  }

  /**
   * @param {HTMLElement} panel
   * @param {HTMLElement[]} told
   */
  opener(panel, told) {
    const opens = make("button", "far", ...told, make("span", "unseen", `: ${this.words.given}`));
    opens.type = "button";
    opens.setAttribute("aria-controls", panel.id);
    opens.setAttribute("aria-expanded", "false");
    opens.addEventListener("click", () => {
      panel.hidden = !panel.hidden;
      opens.setAttribute("aria-expanded", String(!panel.hidden));
    });
    return opens;
  }

  /**
   * @param {Button} button
   * @param {string} looks
   */
  button(button, looks) {
    const node = make("button", looks, button.label);
    node.type = "button";
    node.dataset.id = button.id;
    node.addEventListener("click", () => this.choose(button));
    return node;
  }
}

/**
 * A stroke for each question, those up to this one filled.
 * @param {Ask | undefined} ask
 */
function steps({ step = 0, of = 0 } = { field: "", label: "" }) {
  const strokes = make(
    "span",
    "steps",
    ...Array.from({ length: of }, (_, at) => make("span", at < step ? "done" : "")),
  );
  strokes.setAttribute("aria-hidden", "true");
  return strokes;
}
