// The conversation on the page: a line is an element.

import { progress } from "./asks.js";
import { divided } from "./bar.js";
import { make } from "./dom.js";
import { build } from "./html.js";
import { initials, introduced, told } from "./speaking.js";
import { listed } from "./summary.js";

/**
 * @import { Choices } from "./choices.js"
 * @import { Clock } from "./clock.js"
 * @import { Commands } from "./html.js"
 * @import { Attached, Line, Message, Words } from "../wire.js"
 */

export class View {
  /**
   * @param {HTMLElement} log
   * @param {Words} words
   * @param {Clock} clock
   * @param {Choices} choices
   * @param {{ commands: Commands, fetch: (file: Attached) => void }} on is told that the person taps a command, or wants
   *   a file that is not here
   */
  constructor(log, words, clock, choices, on) {
    this.log = log;
    this.words = words;
    this.clock = clock;
    this.choices = choices;
    this.on = on;
    /** @type {Map<Line, HTMLElement>} */
    this.nodes = new Map();
    /** @type {string} the day of the latest line */
    this.day = "";
    /** @type {import("./speaking.js").Turn | null} */
    this.last = null;
  }

  clear() {
    for (const link of this.log.querySelectorAll("a[download]")) URL.revokeObjectURL(/** @type {any} */ (link).href);
    this.log.replaceChildren();
    this.nodes.clear();
    this.day = "";
    this.last = null;
  }

  /** Whether the focus is in the conversation, or nowhere: what it stood on is gone. */
  get isRead() {
    const stood = document.activeElement;
    return !stood || stood === document.body || this.log.contains(stood);
  }

  /**
   * While this goes on nothing is read out: lines of before come, not news.
   * @param {() => void} work
   */
  quietly(work) {
    this.log.setAttribute("aria-busy", "true");
    work();
    this.log.removeAttribute("aria-busy");
  }

  /**
   * Show a line under the others.
   * @param {Line} line
   */
  show(line) {
    const at = line.message.at ? new Date(line.message.at) : new Date();
    this.divide(at);
    const node = this.element(line, at);
    this.nodes.set(line, node);
    this.log.append(node);
    return node;
  }

  /**
   * Show what was said before everything that is shown, on top.
   * @param {Line[]} lines
   */
  showBefore(lines) {
    const rest = [...this.log.children];
    const { day, last } = this;
    this.day = "";
    this.last = null;
    this.log.replaceChildren();
    for (const line of lines) this.show(line);
    if (rest[0]?.matches(".day") && rest[0].textContent === this.log.querySelector(".day:last-of-type")?.textContent) {
      rest.shift();
    }
    this.log.append(...rest);
    this.day = day;
    this.last = last;
  }

  /**
   * The buttons of this line can no longer be chosen; who stood on one stands on what was chosen, or on the line.
   * @param {Line} line
   */
  retire(line) {
    const node = this.nodes.get(line);
    if (!node) return;
    const stood = node !== document.activeElement && node.contains(document.activeElement);
    const past = this.choices.of(line);
    node.querySelector(".choices")?.remove();
    if (line.message.summary) node.querySelector(".text")?.replaceWith(this.text(line));
    if (past) node.append(past);
    if (stood) (past?.matches(".chosen") ? past : node).focus({ preventScroll: true });
  }

  /**
   * The state of something the person sent: "", or a short line under it.
   * @param {Line | undefined} line
   * @param {string} text
   */
  mark(line, text, failed = false) {
    const node = line && this.nodes.get(line);
    if (!node) return;
    node.classList.toggle("failed", failed);
    node.querySelector(".state")?.remove();
    if (text) node.append(make("p", "state", text));
  }

  /** @param {Date} at */
  divide(at) {
    const day = this.clock.day(at);
    if (day === this.day) return;
    const first = !this.day;
    this.day = day;
    if (first && day === this.clock.day(new Date())) return;
    this.log.append(make("p", "day", make("span", "", this.clock.dayName(at))));
  }

  /**
   * @param {Line} line
   * @param {Date} at
   */
  element(line, at) {
    const { message } = line;
    const now = { from: message.name || message.from, at };
    const tells = told(this.last, now);
    this.last = now;
    const node = make("div", `message ${message.from}`, this.text(line));
    node.tabIndex = -1;
    if (tells.who) node.prepend(this.meta(message, at, tells.time));
    else node.classList.add("goes-on");
    if (message.file) node.append(...this.downloads(message.file));
    const choices = this.choices.of(line);
    if (choices) node.append(choices);
    return node;
  }

  /**
   * Who says it, and when. Of the person and the assistant that is heard, for where it stands shows it.
   * @param {Message} message
   * @param {Date} at
   * @param {boolean} shown whether the time is shown
   */
  meta({ from, name, html = "" }, at, shown) {
    const time = make("time", shown ? "" : "unseen", this.clock.time(at));
    time.dateTime = at.toISOString();
    const named = this.words[from === "person" ? "you" : from];
    if (from !== "staff") return make("p", "meta", make("span", "who unseen", named), " ", time);
    const who = make("span", "who", introduced(html)[0] || named);
    const mark = make("span", "initials", initials(name || named));
    mark.setAttribute("aria-hidden", "true");
    return make("p", "meta", mark, who, " ", time);
  }

  /** @param {Line} line */
  text(line) {
    const { message } = line;
    const text = make("div", "text", ...this.said(line));
    if (message.language) text.lang = message.language;
    return text;
  }

  /**
   * What a message says. Of one that shows answers these are a list; what stands below them is on the dock while it
   * can be chosen.
   * @param {Line} line
   * @returns {(Node | string)[]}
   */
  said({ message, choices }) {
    const { above, ask, below, from, summary } = message;
    const html = from === "staff" ? introduced(message.html ?? "")[1] : message.html;
    if (above === undefined || !summary) {
      const far = progress(ask, this.words);
      const heard = far ? [make("span", "unseen", `${far}. `)] : [];
      return [...heard, html ? build(html, this.on.commands) : this.plain(message)];
    }
    const live = choices === "live";
    const rows = listed(summary, this.words, live ? this.choices.choose : null);
    const onDock = live && divided(message).main.length;
    const after = below && !onDock ? [make("div", "below", build(below, this.on.commands))] : [];
    return [build(above, this.on.commands), rows, ...after];
  }

  /** @param {Message} message of the person's own a command is called by its name */
  plain({ from, text = "" }) {
    return (from === "person" && this.on.commands.names.get(text)) || text;
  }

  /**
   * A file twice: to read, and for other programs.
   * @param {Attached} file
   */
  downloads({ name, url, content, page }) {
    const readable = { name: name.replace(/\.\w+$/, ".html"), url: `${url}?page`, content: page };
    return [
      this.download("readable", readable, this.words.download_page),
      this.download("download", { name, url, content }, this.words.download),
    ];
  }

  /**
   * @param {string} looks
   * @param {{ name: string, url: string, content: string | undefined }} file
   * @param {string} says
   */
  download(looks, { name, url, content }, says) {
    const link = make("a", looks, says.replace("{name}", name));
    if (content === undefined) {
      link.href = url;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.on.fetch({ name, url });
      });
      return link;
    }
    const type = name.endsWith(".html") ? "text/html" : "text/plain";
    link.href = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
    link.download = name;
    return link;
  }
}
