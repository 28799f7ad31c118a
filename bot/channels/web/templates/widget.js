// Puts a button on a page that opens the chat. Include it as:
//   <script src="https://<this server>/widget.js" async data-language="nl" data-source="website"></script>
{% if embedders %}
// On the sites that the operator named the chat opens in a panel, elsewhere in a tab of its own.
{% else %}
// The chat opens in a tab of its own. Nothing is loaded and no cookie is set before somebody taps the button.
{% endif %}
// However often the tag stands in a page there is one button, and it comes back when the site swaps what it shows.
(() => {
  "use strict";
  const words = {{ words | tojson }};
  const embedders = {{ embedders | tojson }};
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  if (!script) return;
  const home = new URL(script.src, location.href).origin;
  const known = Symbol.for(`chat widget of ${home}`);
  if (window[known]) {
    window[known](script); // the same tag again, or the one of the page that took the place of the last
    return;
  }

  let tag, language, say;
  const read = (from) => {
    const wanted = (from.dataset.language || document.documentElement.lang || "").slice(0, 2).toLowerCase();
    tag = from;
    language = Object.prototype.hasOwnProperty.call(words, wanted) ? wanted : {{ default | tojson }};
    say = words[language];
  };
  read(script);
  const address = (embedded) => {
    const url = new URL("/", home);
    url.searchParams.set("lang", language);
    if (tag.dataset.source) url.searchParams.set("source", tag.dataset.source);
    if (embedded) url.searchParams.set("embed", "1");
    return url.href;
  };

  const host = document.createElement("div");
  host.dataset.chatWidget = home;
  const root = host.attachShadow({ mode: "open" });
  const style = `
    :host { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; font: 1rem/1.4 system-ui, sans-serif; }
    button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: 0 1.25rem; border: 2px solid #fff;
      border-radius: 1.5rem; background: #0c4a43; color: #fff; cursor: pointer; box-shadow: 0 2px 10px #0005; }
    button:hover { background: #10625a; }
    button:focus-visible { outline: 3px solid #0c4a43; outline-offset: 3px; }
    .panel { position: fixed; right: 1rem; bottom: 5rem; width: min(26rem, calc(100vw - 2rem));
      height: min(42rem, calc(100vh - 7rem)); border: 1px solid #0c4a43; border-radius: .75rem; overflow: hidden;
      background: #fff; box-shadow: 0 8px 30px #0006; }
    .panel[hidden] { display: none; }
    iframe { width: 100%; height: 100%; border: 0; display: block; }
  `;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch { // Safari before 16.4
    root.append(Object.assign(document.createElement("style"), { textContent: style }));
  }
  const button = document.createElement("button");
  button.type = "button";
  root.append(button);

  const panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  const label = () => {
    host.lang = language;
    button.textContent = panel.hidden ? say.open : say.close;
  };
  label();

  if (!embedders.includes(location.origin)) {
    button.addEventListener("click", () => window.open(address(false), "_blank", "noopener"));
  } else {
    root.prepend(panel);
    button.setAttribute("aria-expanded", "false");
    const toggle = (open) => {
      if (open && !panel.firstChild) {
        const frame = document.createElement("iframe");
        frame.title = say.title;
        frame.src = address(true);
        panel.append(frame);
      }
      panel.hidden = !open;
      label();
      button.setAttribute("aria-expanded", String(open));
    };
    button.addEventListener("click", () => toggle(panel.hidden));
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !panel.hidden) toggle(false);
    });
  }

  const place = () => {
    if (!document.body) return;
    for (const other of document.querySelectorAll("[data-chat-widget]")) {
      // What a site kept of an earlier page and shows again is a copy, without the button.
      if (other !== host && other.dataset.chatWidget === home) other.remove();
    }
    if (host.parentNode !== document.body) document.body.append(host);
  };
  window[known] = (from) => {
    if (!tag.isConnected) read(from);
    label();
    place();
  };

  // A site that shows its next page without loading it (Turbo, htmx, many frameworks) puts other content into the
  // body, or another body into the page. Not at once, so that a site that takes it away on purpose is not fought with.
  let waiting = null;
  let watched = null;
  const observer = new MutationObserver(() => {
    if (watched !== document.body) watch();
    if (host.parentNode === document.body) return;
    waiting ??= setTimeout(() => {
      waiting = null;
      place();
    }, 50);
  });
  const watch = () => {
    watched = document.body;
    observer.disconnect();
    observer.observe(document, { childList: true });
    observer.observe(document.documentElement, { childList: true });
    if (watched) observer.observe(watched, { childList: true });
  };
  place();
  watch();
  if (!document.body) document.addEventListener("DOMContentLoaded", place);
})();
