// What was said, each line once, and what can still be chosen. Knows nothing of a page.

/** @import { Button, Line, Message } from "../wire.js" */

/** A command of the page itself: no words of the person's. */
const HIDDEN = /^\/start\b/;

export class Transcript {
  /** @param {(line: Line) => void} past is called with a line whose buttons can no longer be chosen */
  constructor(past) {
    this.past = past;
    /** @type {Map<string, Line>} by the server's id, and a person's by the id it was sent with too */
    this.lines = new Map();
    /** @type {Line[]} */
    this.live = [];
    /** Nothing that was said before this can be chosen from; the server's ids grow. */
    this.settled = 0;
  }

  clear() {
    this.lines.clear();
    this.live = [];
    this.settled = 0;
  }

  /**
   * A line is said. Gives it, or null where nothing has to be shown: it is known, or a command of the page.
   * @param {Message} message
   */
  add(message) {
    if (this.lines.has(message.id) || this.own(message)) return null;
    const line = this.keep(message);
    if (message.from === "person") this.settle(message);
    if (line.choices === "live") this.offer(line);
    return isHidden(message) ? null : line;
  }

  /**
   * A line of before everything that is known: nothing in it can be chosen. Gives it, or null.
   * @param {Message} message
   */
  addEarlier(message) {
    if (this.lines.has(message.id)) return null;
    const line = this.keep(message);
    if (line.choices === "live") line.choices = "past";
    return isHidden(message) ? null : line;
  }

  /**
   * Whether this is what the person said here before the server had it: known by the id that it was given here.
   * @param {Message} message
   */
  own(message) {
    const line = message.message_id ? this.lines.get(message.message_id) : undefined;
    if (!line) return false;
    this.lines.set(message.id, line);
    this.settle(message);
    return true;
  }

  /**
   * @param {Message} message
   * @returns {Line}
   */
  keep(message) {
    /** @type {Line} */
    const line = { message, choices: message.buttons?.length ? "live" : "none", chosen: null };
    this.lines.set(message.id, line);
    if (message.message_id) this.lines.set(message.message_id, line);
    return line;
  }

  /**
   * A line with buttons takes the place of those before it, unless it is staff's; one that comes late is past already.
   * @param {Line} line
   */
  offer(line) {
    if (line.message.from === "bot") this.settle(line.message);
    if (order(line.message) < this.settled) line.choices = "past";
    else this.live.push(line);
  }

  /**
   * After this message nothing that was said before it can be chosen from; what the person chose, typed or tapped, shows.
   * @param {Message} message
   */
  settle(message) {
    const before = order(message);
    const lines = this.live.filter((line) => order(line.message) < before);
    this.live = this.live.filter((line) => !lines.includes(line));
    if (message.from === "person") choose(lines, message);
    for (const line of lines) {
      line.choices = "past";
      this.past(line);
    }
    if (Number.isFinite(before)) this.settled = Math.max(this.settled, before);
  }
}

/**
 * Note in the latest of these lines that offers it what was chosen.
 * @param {Line[]} lines
 * @param {Message} said
 */
function choose(lines, said) {
  for (const line of [...lines].reverse()) {
    const button = (line.message.buttons ?? []).flat().find((one) => isChosen(one, said));
    if (!button) continue;
    line.chosen = button.label;
    return;
  }
}

/**
 * Where it stands among the others: after all of them while the server does not have it.
 * @param {Message} message
 */
function order(message) {
  return /^\d{1,16}$/.test(message.id) ? Number(message.id) : Number.POSITIVE_INFINITY;
}

/** @param {Message} message */
function isHidden(message) {
  return message.from === "person" && HIDDEN.test(message.text ?? "");
}

/**
 * @param {Button} button
 * @param {Message} said
 */
function isChosen(button, said) {
  return button.id === said.choice || folded(button.label) === folded(said.text ?? "");
}

/** @param {string} text */
function folded(text) {
  return text.trim().toLowerCase();
}
