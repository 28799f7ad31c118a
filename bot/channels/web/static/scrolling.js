// What of the conversation is in view.

/** So near the end who reads the latest goes on seeing it, in pixels. */
const NEAR = 48;
const ABOVE = 12;

export class Reading {
  /** @param {{ log: HTMLElement, typing: HTMLElement, dock: HTMLElement }} places */
  constructor({ log, typing, dock }) {
    this.log = log;
    this.atEnd = true;
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

  look() {
    this.atEnd = this.bottom - scrollY < NEAR;
  }

  toEnd() {
    scrollTo(0, this.bottom);
  }

  /**
   * Bring this into view with all that follows; where that is longer than the screen, its beginning.
   * @param {HTMLElement | null} node
   */
  toStart(node) {
    if (node) scrollTo(0, Math.min(this.bottom, node.getBoundingClientRect().top + scrollY - ABOVE));
    else this.toEnd();
  }

  /**
   * Something arrived by itself.
   * @param {HTMLElement} node
   * @param {boolean} atEnd whether the end was in view before
   */
  arrived(node, atEnd) {
    if (atEnd || !node.matches(".person")) this.toStart(node);
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
