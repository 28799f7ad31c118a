// The buttons under a message: to choose from, and once something was chosen.

import { divided } from "./bar.js";
import { make } from "./dom.js";

/** @import { Button, Line, Message, Words } from "../wire.js" */

const TOPIC = /^topic:/;

export class Choices {
  /**
   * @param {Words} words
   * @param {(button: Button) => void} choose is called when the person picks a button
   */
  constructor(words, choose) {
    this.words = words;
    this.choose = choose;
  }

  /**
   * A line's buttons as they are now; null where it has nothing to show of them.
   * @param {Line} line
   */
  of(line) {
    if (line.choices === "none") return null;
    return line.choices === "live" ? this.group(line.message) : this.past(line);
  }

  /** @param {Message} message */
  group(message) {
    const { under } = divided(message);
    if (!under.length) return null;
    const rows = under.map((row) => this.row(row));
    const group = make("div", "choices", ...(message.groups ? headed(message.groups, rows) : rows));
    group.setAttribute("role", "group");
    if (message.language) group.lang = message.language;
    group.setAttribute("aria-label", this.words.choices_label);
    return group;
  }

  /** @param {Button[]} row */
  row(row) {
    return make("div", "row", ...row.map((button) => this.button(button)));
  }

  /** @param {Button} button */
  button(button) {
    const choice = make("button", "choice", button.label);
    choice.type = "button";
    choice.dataset.id = button.id;
    if (button.role) choice.classList.add(button.role);
    choice.addEventListener("click", () => this.choose(button));
    return choice;
  }

  /**
   * What was chosen; else the topics that there were, as text: who reads back sees what the question was about. Not
   * read out when it changes, for it says nothing new.
   * @param {Line} line
   */
  past(line) {
    if (line.chosen !== null) {
      const chosen = make("p", "chosen", make("span", "unseen", `${this.words.chosen}: `), line.chosen);
      chosen.tabIndex = -1;
      return chosen;
    }
    const topics = (line.message.buttons ?? []).flat().filter((button) => TOPIC.test(button.id));
    if (!topics.length) return null;
    const past = make("p", "past", topics.map((button) => button.label).join(" · "));
    past.setAttribute("aria-live", "off");
    if (line.message.language) past.lang = line.message.language;
    return past;
  }
}

/**
 * The rows, each group of them under its name.
 * @param {{ label: string, rows: number }[]} groups
 * @param {HTMLElement[]} rows
 */
function headed(groups, rows) {
  let next = 0;
  return groups.flatMap(({ label, rows: count }) => {
    const section = make("div", "group", make("p", "heading", label), ...rows.slice(next, next + count));
    section.setAttribute("role", "group");
    section.setAttribute("aria-label", label);
    next += count;
    return section;
  });
}
