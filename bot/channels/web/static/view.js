// The conversation on the page.

import { dayKey, dayName, timeOf } from "./clock.js";
import { build } from "./html.js";

const HIDDEN = /^\/start\b/;
/** Under the welcome more buttons than this are too many at once. */
const MANY = 8;
/** What a button may be among those beside it, as the API says. */
const ROLES = ["primary", "quiet", "danger"];

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export class View {
  /**
   * `choose(button)` is called when the person picks a button, `command(text)` when they tap a command, `fetch(file)` when
   * they want a file that is not here.
   */
  constructor(log, words, language, choose, command, fetch) {
    this.log = log;
    this.words = words;
    this.language = language;
    this.choose = choose;
    this.command = command;
    this.fetch = fetch;
    this.shown = new Map();
    this.day = null;
  }

  clear() {
    this.log.replaceChildren();
    this.shown.clear();
    this.day = null;
  }

  /** Show a message unless it is there. Gives its element, or null when nothing had to be shown. */
  show(message) {
    if (this.shown.has(message.id)) return null;
    if (message.from === "person" && this.known(message)) return null;
    const at = message.at ? new Date(message.at) : new Date();
    this.divide(at);
    const node = this.element(message, at);
    this.shown.set(message.id, { message, node });
    this.log.append(node);
    return node;
  }

  /** What was said before everything that is shown: on top, with nothing to choose in it any more. */
  showBefore(messages) {
    const rest = [...this.log.children];
    const day = this.day;
    this.day = null;
    this.log.replaceChildren();
    for (const message of messages) this.show({ ...message, buttons: [] });
    if (rest[0]?.matches(".day") && rest[0].textContent === this.log.querySelector(".day:last-of-type")?.textContent) {
      rest.shift();
    }
    this.log.append(...rest);
    this.day = day;
  }

  /** Whether this message of the person's need not be shown: a command of the page, or here before the server had it. */
  known(message) {
    const text = message.text ?? "";
    if (HIDDEN.test(text)) {
      this.shown.set(message.id, { message, node: null });
      return true;
    }
    const waiting = [...this.shown.values()].filter((entry) => entry.message.local && !entry.merged);
    const entry =
      waiting.find((one) => one.message.text.trim() === text.trim()) ??
      waiting.find((one) => one.message.choice); // The transcript may word a button differently.
    if (!entry) return false;
    entry.merged = true;
    this.shown.set(message.id, entry);
    return true;
  }

  divide(at) {
    const key = dayKey(at);
    if (key === this.day) return;
    this.day = key;
    this.log.append(make("p", "day", make("span", "", dayName(at, this.language, this.words))));
  }

  element(message, at) {
    const time = make("time", "", timeOf(at, this.language));
    time.dateTime = at.toISOString();
    const meta = make("p", "meta", make("span", "who", this.words[message.from === "person" ? "you" : message.from]), time);
    const text = make("div", "text");
    if (message.language) text.lang = message.language;
    if (message.html) text.append(build(message.html, this.command));
    else text.textContent = message.text ?? "";
    const node = make("div", `message ${message.from}`, meta, text);
    node.tabIndex = -1;
    if (message.file) node.append(this.download(message.file));
    if (message.buttons?.length) node.append(this.choices(message, node));
    return node;
  }

  download(file) {
    const link = make("a", "download", this.words.download.replace("{name}", file.name));
    if (file.content === undefined) {
      link.href = file.url;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.fetch(file);
      });
      return link;
    }
    link.href = URL.createObjectURL(new Blob([file.content], { type: "text/plain;charset=utf-8" }));
    link.download = file.name;
    return link;
  }

  choices(message, node) {
    const group = make("div", "choices");
    group.setAttribute("role", "group");
    if (message.language) group.lang = message.language;
    group.setAttribute("aria-label", this.words.choices_label);
    for (const row of message.buttons) {
      const line = make("div", "row");
      for (const button of row) {
        const choice = make("button", "choice", button.label);
        choice.type = "button";
        choice.dataset.id = button.id;
        if (ROLES.includes(button.role)) choice.classList.add(button.role);
        choice.addEventListener("click", () => {
          const chosen = this.settle(node, button.label);
          if (chosen && choice.matches(":focus, :focus-visible")) chosen.focus({ preventScroll: true });
          this.choose(button);
        });
        line.append(choice);
      }
      group.append(line);
    }
    if (!this.log.querySelector(".message")) this.fold(group);
    return group;
  }

  /** Of a welcome with many buttons: those that the texts name as first, sign-up, and one that shows the others. */
  fold(group) {
    const all = [...group.querySelectorAll(".choice")];
    const first = this.words.first_choices.split(" ");
    const later = all.filter((one) => !first.includes(one.dataset.id) && !one.classList.contains("primary"));
    if (all.length <= MANY || !all.some((one) => first.includes(one.dataset.id))) return;
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

  /** A message whose button was chosen shows what it was, and has no buttons any more. */
  settle(node, label) {
    const group = node.querySelector(".choices");
    if (!group) return null;
    const hadFocus = group.contains(document.activeElement);
    const chosen = make("p", "chosen", make("span", "unseen", `${this.words.chosen}: `), label);
    chosen.tabIndex = -1;
    group.replaceWith(chosen);
    if (hadFocus) chosen.focus({ preventScroll: true });
    return chosen;
  }

  /** After a reload: settle what was answered with one of a message's buttons. */
  settlePast(messages) {
    messages.forEach((message, index) => {
      if (message.from !== "person") return;
      const asked = messages.slice(0, index).reverse();
      const source = asked.find((earlier) => this.offers(earlier, message));
      if (source) this.settle(this.shown.get(source.id).node, message.text);
    });
  }

  offers(earlier, said) {
    const node = this.shown.get(earlier.id)?.node;
    if (!node?.querySelector(".choices")) return false;
    return earlier.buttons.flat().some((button) => button.id === said.choice || button.label === said.text);
  }

  /** The state of something the person sent: "", or a short line under it. */
  mark(id, text, failed = false) {
    const node = this.shown.get(id)?.node;
    if (!node) return;
    node.classList.toggle("failed", failed);
    node.querySelector(".state")?.remove();
    if (text) node.append(make("p", "state", text));
  }
}
