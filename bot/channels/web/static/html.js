// Builds what a message says from the few tags the API uses. Never innerHTML: what is not known here is text.

const TAGS = {
  b: "strong", strong: "strong", i: "em", em: "em", u: "u", ins: "u", s: "s", strike: "s", del: "s",
  code: "code", pre: "pre", blockquote: "blockquote", a: "a",
};
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: "\u00a0" };
const TOKEN = /<(\/?)([a-z]+)((?:\s[^<>]*)?)>|&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]+);|[^<&]+|[<&]/gi;

function decode(name) {
  if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? `&${name};`;
  const hex = name[1] === "x" || name[1] === "X";
  const code = parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

function unescape(text) {
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]+);/gi, (_, name) => decode(name));
}

function link(attributes) {
  const found = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes);
  const node = document.createElement("a");
  if (!found) return node;
  let url;
  try {
    url = new URL(unescape(found[1] ?? found[2]), location.href);
  } catch {
    return node;
  }
  if (!["https:", "http:", "mailto:", "tel:"].includes(url.protocol)) return node;
  node.href = url.href;
  if (url.protocol.startsWith("http")) {
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  return node;
}

/**
 * Text in which "/privacy" and the like can be tapped, as people know it from other chats. Of three parts the first is
 * text, the second the blank before a command (looking behind is what Safari before 16.4 cannot), the third a command.
 */
function withCommands(text, onCommand) {
  return text.split(/(^|\s)(\/[a-z]{3,20})(?=[\s.,;:!?)]|$)/).map((part, index) => {
    if (index % 3 !== 2) return part;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "command";
    button.textContent = part;
    button.addEventListener("click", () => onCommand(part));
    return button;
  });
}

/** The message as a fragment of safe elements. `onCommand` is called with the command that is tapped. */
export function build(html, onCommand) {
  const fragment = document.createDocumentFragment();
  const open = [fragment];
  const names = [];
  for (const [token, closing, tag, attributes, entity] of html.matchAll(TOKEN)) {
    const top = open[open.length - 1];
    if (entity) top.append(decode(entity));
    else if (!tag) top.append(...(names.includes("a") ? [token] : withCommands(token, onCommand)));
    else {
      const name = TAGS[tag.toLowerCase()];
      if (!name) continue;
      if (!closing) {
        const node = name === "a" ? link(attributes) : document.createElement(name);
        top.append(node);
        open.push(node);
        names.push(name);
      } else if (names.includes(name)) {
        while (names.pop() !== name) open.pop();
        open.pop();
      }
    }
  }
  return fragment;
}
