// Puts a button on a page that opens the chat. Include it as:
//   <script src="https://<this server>/widget.js" async data-language="nl" data-source="website"></script>
{% if embedders %}
// On the sites that the operator named the chat opens in a panel, elsewhere in a tab of its own.
{% else %}
// The chat opens in a tab of its own. Nothing is loaded and no cookie is set before somebody taps the button.
{% endif %}
(() => {
  "use strict";
  const words = {{ words | tojson }};
  const embedders = {{ embedders | tojson }};
  const script = document.currentScript;
  if (!script) return;
  const home = new URL(script.src).origin;
  const wanted = (script.dataset.language || document.documentElement.lang || "").slice(0, 2).toLowerCase();
  const language = Object.hasOwn(words, wanted) ? wanted : {{ default | tojson }};
  const say = words[language];
  const address = (embedded) => {
    const url = new URL("/", home);
    url.searchParams.set("lang", language);
    if (script.dataset.source) url.searchParams.set("source", script.dataset.source);
    if (embedded) url.searchParams.set("embed", "1");
    return url.href;
  };

  const host = document.createElement("div");
  host.lang = language;
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
  button.textContent = say.open;
  root.append(button);

  if (!embedders.includes(location.origin)) {
    button.addEventListener("click", () => window.open(address(false), "_blank", "noopener"));
  } else {
    const panel = document.createElement("div");
    panel.className = "panel";
    panel.hidden = true;
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
      button.textContent = open ? say.close : say.open;
      button.setAttribute("aria-expanded", String(open));
    };
    button.addEventListener("click", () => toggle(panel.hidden));
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !panel.hidden) toggle(false);
    });
  }
  const place = () => document.body.append(host);
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
