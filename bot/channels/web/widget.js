// Puts a button on a page that opens the chat in a tab of its own. Include it as:
//   <script src="https://<this server>/widget.js" async data-language="nl" data-source="website"></script>
// Nothing is loaded and no cookie is set before somebody taps the button. However often the tag stands in a page there is
// one button, and it comes back when the site swaps what it shows.

/** @import { Widget } from "./wire.js" */

/** @param {Widget["colours"]} colours */
const styled = ({ brand, accent }) => `
  :host { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; font: 1rem/1.4 system-ui, sans-serif; }
  button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: 0 1.25rem; border: 2px solid #fff;
    border-radius: 1.5rem; background: ${brand}; color: #fff; cursor: pointer; box-shadow: 0 2px 10px #0005; }
  button:hover { background: ${accent}; }
  button:focus-visible { outline: 3px solid ${brand}; outline-offset: 3px; }
`;
/** Not at once, so that a site that takes the button away on purpose is not fought with. */
const PLACED_AFTER = 50;

class WidgetButton {
  /**
   * @param {HTMLScriptElement} tag
   * @param {string} home our own address
   * @param {Widget} given
   */
  constructor(tag, home, given) {
    this.home = home;
    this.given = given;
    this.host = document.createElement("div");
    this.host.dataset.chatWidget = home;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.addEventListener("click", () => window.open(this.address, "_blank", "noopener"));
    const root = this.host.attachShadow({ mode: "open" });
    this.style(root);
    root.append(this.button);
    this.timer = 0;
    this.observer = new MutationObserver(() => this.changed());
    this.read(tag);
  }

  /**
   * What this tag asks for.
   * @param {HTMLScriptElement} tag
   */
  read(tag) {
    const { words, language } = this.given;
    const wanted = (tag.dataset.language || document.documentElement.lang || "").slice(0, 2).toLowerCase();
    this.tag = tag;
    this.language = wanted in words ? wanted : language;
    this.host.lang = this.language;
    this.button.textContent = words[this.language].open;
  }

  get address() {
    const url = new URL("/", this.home);
    url.searchParams.set("lang", this.language ?? this.given.language);
    const source = this.tag?.dataset.source;
    if (source) url.searchParams.set("source", source);
    return url.href;
  }

  /** @param {ShadowRoot} root */
  style(root) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(styled(this.given.colours));
      root.adoptedStyleSheets = [sheet];
    } catch {
      // Safari before 16.4
      root.append(Object.assign(document.createElement("style"), { textContent: styled(this.given.colours) }));
    }
  }

  /** The only one of its kind, in the body there is. What a site kept of an earlier page is a copy without the button. */
  place() {
    if (!document.body) return;
    for (const other of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-chat-widget]"))) {
      if (other !== this.host && other.dataset.chatWidget === this.home) other.remove();
    }
    if (this.host.parentNode !== document.body) document.body.append(this.host);
  }

  /** The same tag again, or the one of the page that took the place of the last. @param {HTMLScriptElement} tag */
  again(tag) {
    if (!this.tag?.isConnected) this.read(tag);
    this.place();
  }

  /**
   * A site that shows its next page without loading it (Turbo, htmx, many frameworks) puts other content into the body,
   * or another body into the page.
   */
  changed() {
    if (this.watched !== document.body) this.watch();
    if (this.host.parentNode === document.body || this.timer) return;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.place();
    }, PLACED_AFTER);
  }

  watch() {
    this.watched = document.body;
    this.observer.disconnect();
    for (const node of [document, document.documentElement, document.body]) {
      if (node) this.observer.observe(node, { childList: true });
    }
  }
}

/**
 * The button, once a page.
 * @param {Widget} given
 */
function widget(given) {
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  if (!(script instanceof HTMLScriptElement)) return;
  const home = new URL(script.src, location.href).origin;
  const known = Symbol.for(`chat widget of ${home}`);
  const page = /** @type {Record<symbol, ((tag: HTMLScriptElement) => void) | undefined>} */ (
    /** @type {unknown} */ (window)
  );
  if (page[known]) return page[known](script);
  const button = new WidgetButton(script, home, given);
  page[known] = (tag) => button.again(tag);
  button.place();
  button.watch();
  if (!document.body) document.addEventListener("DOMContentLoaded", () => button.place());
}

widget(GIVEN);
