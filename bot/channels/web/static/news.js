// What came while the person reads further back: counted on a button and in the title, and parted by a line.

import { make } from "./dom.js";

/**
 * @import { Reading } from "./scrolling.js"
 * @import { Words } from "../wire.js"
 */

export class News {
  /**
   * @param {HTMLButtonElement} button brings the person there
   * @param {Reading} reading
   * @param {Words} words
   */
  constructor(button, reading, words) {
    this.button = button;
    this.reading = reading;
    this.words = words;
    this.title = document.title;
    this.count = 0;
    /** @type {HTMLElement | null} */
    this.line = null;
    button.addEventListener("click", () => this.show());
    reading.reached = () => this.seen();
  }

  /**
   * Something came and nobody was moved.
   * @param {HTMLElement} node
   */
  missed(node) {
    if (!this.count) this.part(node);
    this.tell(this.count + 1);
  }

  /** The person is at the end: all of it is seen. The line stays until something else is new. */
  seen() {
    if (this.count) this.tell(0);
  }

  /** Nothing is new. */
  clear() {
    this.line?.remove();
    this.line = null;
    this.seen();
  }

  /** @param {HTMLElement} node the first that is new */
  part(node) {
    this.line?.remove();
    this.line = make("p", "new", make("span", "", this.words.new_line));
    this.line.tabIndex = -1;
    node.before(this.line);
  }

  /** @param {number} count */
  tell(count) {
    this.count = count;
    this.button.hidden = !count;
    this.button.textContent = this.words.new_count.replace("{count}", String(count));
    document.title = count ? `(${count}) ${this.title}` : this.title;
  }

  show() {
    this.reading.toStart(this.line);
    this.line?.focus({ preventScroll: true });
    this.seen();
  }
}
