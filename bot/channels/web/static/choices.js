// The buttons under a message: to choose from, and once something was chosen.

import { divided } from "./bar.js";
import { make } from "./dom.js";

/** @import { Button, Line, Message, Words } from "../wire.js" */

const TOPIC = /^topic:/;
/** Under the welcome more buttons than this are too many at once. */
const MANY = 8;

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
   * @param {boolean} first whether it is the first message on the page
   */
  of(line, first = false) {
    if (line.choices === "none") return null;
    return line.choices === "live" ? this.group(line.message, first) : this.past(line);
  }

  /**
   * @param {Message} message
   * @param {boolean} first
   */
  group(message, first) {
    const { under } = divided(message);
    if (!under.length) return null;
    const group = make("div", "choices", ...under.map((row) => this.row(row)));
    group.setAttribute("role", "group");
    if (message.language) group.lang = message.language;
    group.setAttribute("aria-label", this.words.choices_label);
    if (first) this.fold(group);
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

  /**
   * Of a welcome with many buttons: those that the texts name as first, sign-up, and one that shows the others.
   * @param {HTMLElement} group
   */
  fold(group) {
    const all = /** @type {HTMLElement[]} */ ([...group.querySelectorAll(".choice")]);
    const first = this.words.first_choices.split(" ");
    const isFirst = (/** @type {HTMLElement} */ one) => first.includes(one.dataset.id ?? "");
    const later = all.filter((one) => !isFirst(one) && !one.classList.contains("primary"));
    if (all.length <= MANY || !all.some(isFirst)) return;
    const more = make("button", "choice quiet", this.words.more_choices);
    more.type = "button";
    more.addEventListener("click", () => {
      group.classList.remove("folded");
      for (const one of later) one.hidden = false;
      more.remove();
      later[0].focus({ preventScroll: true });
    });
    for (const one of later) one.hidden = true;
    group.classList.add("folded");
    group.append(more);
  }
}
