// What of the conversation is in view. Who reads is not moved: only who is at the end, or who just sent something.

import { recall, remember } from "./store.js";

/** So near the end who reads the latest goes on seeing it, in pixels. */
const NEAR = 48;
const ABOVE = 12;
const EDGE = 4;

export class Reading {
  /** @param {{ head: HTMLElement, log: HTMLElement, typing: HTMLElement, dock: HTMLElement }} places */
  constructor({ head, log, typing, dock }) {
    this.head = head;
    this.log = log;
    this.dock = dock;
    this.atEnd = true;
    /** Where the page itself brought the person: who is still there did not begin to read something else. */
    this.put = 0;
    /** Is called when the end comes into view. */
    this.reached = () => {};
    /** What the page brought the person to. @type {() => void} */
    this.again = () => {};
    addEventListener("scroll", () => this.look(), { passive: true });
    addEventListener("pagehide", () => remember("place", this.bottom - scrollY));
    addEventListener("resize", () => this.follows && this.again());
    const observer = new ResizeObserver(() => {
      document.documentElement.style.scrollPaddingBottom = `${dock.offsetHeight + 8}px`;
      if (this.atEnd && log.querySelectorAll(".message").length > 1) this.toEnd();
    });
    for (const node of [log, typing, dock]) observer.observe(node);
  }

  /** How much of the page's upper end the header covers, in pixels. */
  get covered() {
    return getComputedStyle(this.head).position === "sticky" ? this.head.offsetHeight : 0;
  }

  get bottom() {
    return document.documentElement.scrollHeight - innerHeight;
  }

  /** Whether the person is where the answer to what they sent would bring them: at the end, or where they were put. */
  get follows() {
    return this.atEnd || Math.abs(scrollY - this.put) < NEAR;
  }

  look() {
    this.atEnd = this.bottom - scrollY < NEAR;
    if (this.atEnd) this.reached();
  }

  /** @param {number} top */
  to(top) {
    scrollTo(0, top);
    this.put = scrollY;
  }

  /**
   * Bring the person somewhere, and there again when the window gets another size.
   * @param {() => void} there
   */
  bring(there) {
    this.again = there;
    there();
  }

  /** What was said before is there: whoever comes back to the page is where they were, any other at the end. */
  arrive() {
    const [how] = performance.getEntriesByType("navigation");
    const place = recall("place");
    const back = how instanceof PerformanceNavigationTiming && how.type === "back_forward";
    if (!back || place === null) return this.toEnd();
    this.to(this.bottom - place);
    this.look();
  }

  toEnd() {
    this.bring(() => this.to(this.bottom));
  }

  /**
   * Bring this into view with all that follows; where that is longer than the screen, its beginning.
   * @param {HTMLElement | null} node
   */
  toStart(node) {
    if (node) this.bring(() => this.to(this.startOf(node)));
    else this.toEnd();
  }

  /**
   * Bring an answer into view from `start` on: from what was said before it, or from where the page is. That gives way
   * where there is no room for it and the first button; the answer's first words do not.
   * @param {HTMLElement | null} start
   * @param {HTMLElement[]} nodes
   */
  toAnswer(start, nodes) {
    this.bring(() => {
      if (start) this.to(this.startOf(start));
      const choice = nodes.at(-1)?.querySelector(".choice");
      if (!choice) return;
      const below = choice.getBoundingClientRect().bottom + EDGE - this.dock.getBoundingClientRect().top;
      const text = nodes[0].querySelector(".text") ?? nodes[0];
      const room = text.getBoundingClientRect().top - EDGE - this.covered;
      if (below > 0 && room > 0) this.to(scrollY + Math.min(below, room));
    });
  }

  /** @param {HTMLElement} node */
  startOf(node) {
    return Math.min(this.bottom, node.getBoundingClientRect().top + scrollY - ABOVE - this.covered);
  }

  /**
   * Lines come on top, and what is in view stays.
   * @param {() => void} work
   */
  keepPlace(work) {
    const height = document.documentElement.scrollHeight;
    work();
    scrollBy(0, document.documentElement.scrollHeight - height);
  }
}
