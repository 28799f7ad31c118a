// Builds what a message says from the few tags the API uses. Never innerHTML: what is not known here is text.

import { make } from "./dom.js";

/** @typedef {"a" | "blockquote" | "code" | "dd" | "dl" | "dt" | "em" | "li" | "pre" | "s" | "strong" | "u" | "ul"} Tag */
/** @typedef {{ tag: Tag, href: string | null, children: Part[] }} Piece */
/** @typedef {string | Piece} Part */

/** @type {Map<string, Tag>} */
const TAGS = new Map([
  ["a", "a"],
  ["b", "strong"],
  ["strong", "strong"],
  ["i", "em"],
  ["em", "em"],
  ["u", "u"],
  ["ins", "u"],
  ["s", "s"],
  ["strike", "s"],
  ["del", "s"],
  ["code", "code"],
  ["pre", "pre"],
  ["blockquote", "blockquote"],
  ["ul", "ul"],
  ["li", "li"],
  ["dl", "dl"],
  ["dt", "dt"],
  ["dd", "dd"],
]);
const ITEMS = /(?:^|\n)(• [^\n]*(?:\n• [^\n]*)*)\n?/g;
const ROWS = /(?:^|\n)(<b>[^<\n]*:<\/b> [^\n]*(?:\n<b>[^<\n]*:<\/b> [^\n]*)+)\n?/g;
const ENTITIES = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);
const TOKEN = /<(\/?)([a-z]+)((?:\s[^<>]*)?)>|&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]+);|[^<&]+|[<&]/gi;
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const PAGE = "https?://[^\\s<>]*[^\\s<>.,:;!?)\\]\"'’”]";
const SCHEMES = ["https:", "http:", "mailto:", "tel:"];

/** @param {string} name */
function decode(name) {
  if (!name.startsWith("#")) return ENTITIES.get(name.toLowerCase()) ?? `&${name};`;
  const hex = name[1] === "x" || name[1] === "X";
  const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

/** @param {string} text */
function decodeAll(text) {
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]+);/gi, (_, name) => decode(name));
}

/** @param {string} attributes */
function hrefOf(attributes) {
  const found = HREF.exec(attributes);
  return found ? decodeAll(found[1] ?? found[2] ?? "") : null;
}

/**
 * What a message says, as a tree. What is no known tag is left out, and what is never closed ends with the message.
 * @param {string} html
 * @returns {Part[]}
 */
export function parse(html) {
  /** @type {Part[]} */
  const parts = [];
  /** @type {Piece[]} */
  const open = [];
  for (const [token, closing, tag, attributes, entity] of html.matchAll(TOKEN)) {
    const into = open.length ? open[open.length - 1].children : parts;
    const known = tag && TAGS.get(tag.toLowerCase());
    if (!tag) into.push(entity ? decode(entity) : token);
    else if (known && closing) close(open, known);
    else if (known) open.push(piece(into, known, attributes));
  }
  return parts;
}

/**
 * @param {Part[]} into
 * @param {Tag} tag
 * @param {string} attributes
 */
function piece(into, tag, attributes) {
  /** @type {Piece} */
  const made = { tag, href: tag === "a" ? hrefOf(attributes) : null, children: [] };
  into.push(made);
  return made;
}

/**
 * This tag ends here, and those that were opened in it; nothing does where it was not open.
 * @param {Piece[]} open
 * @param {Tag} tag
 */
function close(open, tag) {
  const last = open.map((piece) => piece.tag).lastIndexOf(tag);
  if (last >= 0) open.length = last;
}

/**
 * Text in which "/privacy" and the like can be tapped, as people know it from other chats. Of three parts the first is
 * text, the second the blank before a command (looking behind is what Safari before 16.4 cannot), the third a command.
 * @param {string} text
 */
export function commandsIn(text) {
  return text.split(/(^|\s)(\/[a-z]{3,20})(?=[\s.,;:!?)]|$)/);
}

/**
 * Lines with a bullet as a list, and lines that begin with what they are about as one too: what stands there as signs
 * for every channel is heard as what it is.
 * @param {string} html
 */
export function withLists(html) {
  return html
    .replace(ITEMS, (_, lines) => `<ul>${each(lines, (line) => `<li>${line.slice(2)}</li>`)}</ul>`)
    .replace(
      ROWS,
      (_, lines) =>
        `<dl>${each(lines, (line) => line.replace(/^<b>(.*?):<\/b> (.*)$/, "<dt>$1</dt><dd>$2</dd>"))}</dl>`,
    );
}

/**
 * @param {string} lines
 * @param {(line: string) => string} one
 */
function each(lines, one) {
  return lines.split("\n").map(one).join("");
}

/**
 * Text in which what can be followed stands apart: addresses of pages, and what is written as one of these. Of two
 * parts the first is text, the second an address.
 * @param {string} text
 * @param {Iterable<string>} known
 */
export function linksIn(text, known) {
  const written = [...known].map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text.split(new RegExp(`(${[...written, PAGE].join("|")})`));
}

/**
 * What is done with a command in a text: what it is called, and what follows when it is tapped; and where an address or
 * number of a contact person leads.
 * @typedef {{ names: Map<string, string>, links: Map<string, string>, tap: (command: string) => void }} Commands
 */

/**
 * The message as a fragment of safe elements.
 * @param {string} html
 * @param {Commands} commands
 */
export function build(html, commands) {
  const fragment = document.createDocumentFragment();
  fragment.append(...parse(withLists(html)).flatMap((part) => built(part, commands)));
  return fragment;
}

/**
 * @param {Part} part
 * @param {Commands | null} commands none inside a link
 * @returns {(Node | string)[]}
 */
function built(part, commands) {
  if (typeof part === "string") return commands ? withCommands(part, commands) : [part];
  const node = part.tag === "a" ? link(part.href) : document.createElement(part.tag);
  const inside = part.tag === "a" ? null : commands;
  node.append(...part.children.flatMap((child) => built(child, inside)));
  return [node];
}

/**
 * @param {string} text
 * @param {Commands} commands
 */
function withCommands(text, { names, links, tap }) {
  return commandsIn(text).flatMap((part, index) => {
    if (index % 3 !== 2) return withLinks(part, links);
    const button = make("button", "command", names.get(part) ?? part);
    button.type = "button";
    button.addEventListener("click", () => tap(part));
    return button;
  });
}

/**
 * @param {string} text
 * @param {Map<string, string>} links
 * @returns {(Node | string)[]}
 */
function withLinks(text, links) {
  return linksIn(text, links.keys()).map((part, index) => {
    if (index % 2 === 0) return part;
    const node = link(links.get(part) ?? part);
    node.append(part);
    return node;
  });
}

/** @param {string | null} href one that cannot be followed is left out */
function link(href) {
  const node = document.createElement("a");
  const url = href === null ? null : addressOf(href);
  if (!url || !SCHEMES.includes(url.protocol)) return node;
  node.href = url.href;
  if (url.protocol.startsWith("http")) {
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  return node;
}

/** @param {string} href */
function addressOf(href) {
  try {
    return new URL(href, location.href);
  } catch {
    return null;
  }
}
