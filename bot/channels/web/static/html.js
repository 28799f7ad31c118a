// Builds what a message says from the few tags the API uses. Never innerHTML: what is not known here is text.

import { make } from "./dom.js";

/** @typedef {"a" | "b" | "blockquote" | "code" | "em" | "pre" | "s" | "strong" | "u"} Tag */
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
]);
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
 * The message as a fragment of safe elements.
 * @param {string} html
 * @param {(command: string) => void} onCommand is called with the command that is tapped
 */
export function build(html, onCommand) {
  const fragment = document.createDocumentFragment();
  fragment.append(...parse(html).flatMap((part) => built(part, onCommand)));
  return fragment;
}

/**
 * @param {Part} part
 * @param {((command: string) => void) | null} onCommand none inside a link
 * @returns {(Node | string)[]}
 */
function built(part, onCommand) {
  if (typeof part === "string") return onCommand ? withCommands(part, onCommand) : [part];
  const node = part.tag === "a" ? link(part.href) : document.createElement(part.tag);
  const inside = part.tag === "a" ? null : onCommand;
  node.append(...part.children.flatMap((child) => built(child, inside)));
  return [node];
}

/**
 * @param {string} text
 * @param {(command: string) => void} onCommand
 */
function withCommands(text, onCommand) {
  return commandsIn(text).map((part, index) => {
    if (index % 3 !== 2) return part;
    const button = make("button", "command", part);
    button.type = "button";
    button.addEventListener("click", () => onCommand(part));
    return button;
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
