// The lines above the field: how it stands with the connection, and whether an answer is coming.

import { make } from "./dom.js";

/** @import { Words } from "../wire.js" */

const TYPING_AFTER = 300;
const ONLINE_FOR = 6_000;

export class Status {
  /**
   * @param {{ status: HTMLElement, typing: HTMLElement, notice: HTMLElement, body: HTMLElement }} places
   * @param {Words} words
   */
  constructor(places, words) {
    this.places = places;
    this.words = words;
    this.isAway = false;
    this.timer = 0;
  }

  get said() {
    return this.places.status.textContent;
  }

  /** @param {string} text "" takes away what stands there */
  say(text) {
    if (this.said !== text) this.places.status.textContent = text;
  }

  /** @param {string} text */
  unsay(text) {
    if (this.said === text) this.say("");
  }

  away() {
    if (this.isAway) return;
    this.turn(true);
    this.say(this.words.offline);
  }

  /** The connection is back; `sent`: and with it all that waited was sent. */
  here(sent = false) {
    if (!this.isAway) return;
    this.turn(false);
    this.say(sent ? this.words.online : "");
    setTimeout(() => this.unsay(this.words.online), ONLINE_FOR);
  }

  /** @param {boolean} away */
  turn(away) {
    this.isAway = away;
    this.places.body.classList.toggle("away", away);
  }

  /** An answer is coming, or came. Not shown where it comes at once. */
  typing(coming = true) {
    clearTimeout(this.timer);
    if (!coming) this.places.typing.replaceChildren();
    else if (!this.isAway) this.timer = window.setTimeout(() => this.showTyping(), TYPING_AFTER);
  }

  showTyping() {
    const dots = make("span", "dots", ...[0, 1, 2].map(() => make("span", "")));
    dots.setAttribute("aria-hidden", "true");
    this.places.typing.replaceChildren(dots, this.words.typing);
  }

  /** Something of the browser's that stays so. @param {string} text */
  notice(text) {
    this.places.notice.textContent = text;
    this.places.notice.hidden = !text;
  }
}
