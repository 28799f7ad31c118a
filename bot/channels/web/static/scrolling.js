// What of the conversation is in view. Who reads is not moved: only who is at the end, or who just sent something.

/** So near the end who reads the latest goes on seeing it, in pixels. */
const NEAR = 48;
const ABOVE = 12;

export class Reading {
  /** @param {{ log: HTMLElement, typing: HTMLElement, dock: HTMLElement }} places */
  constructor({ log, typing, dock }) {
    this.log = log;
    this.atEnd = true;
    /** Where the page itself brought the person: who is still there did not begin to read something else. */
    this.put = 0;
    /** Is called when the end comes into view. */
    this.reached = () => {};
    addEventListener("scroll", () => this.look(), { passive: true });
    const observer = new ResizeObserver(() => {
      document.documentElement.style.scrollPaddingBottom = `${dock.offsetHeight + 8}px`;
      if (this.atEnd && log.querySelectorAll(".message").length > 1) this.toEnd();
    });
    for (const node of [log, typing, dock]) observer.observe(node);
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

  toEnd() {
    this.to(this.bottom);
  }

  /**
   * Bring this into view with all that follows; where that is longer than the screen, its beginning.
   * @param {HTMLElement | null} node
   */
  toStart(node) {
    if (node) this.to(Math.min(this.bottom, node.getBoundingClientRect().top + scrollY - ABOVE));
    else this.toEnd();
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
