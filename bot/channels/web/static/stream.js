// Server-sent events, taken apart.

/** @import { Heard } from "../wire.js" */

/**
 * The events in a stream of text, however it is cut into pieces.
 * @param {ReadableStreamDefaultReader<string>} reader
 * @param {() => void} alive is called with each piece
 * @returns {AsyncGenerator<Heard, void>}
 */
export async function* heard(reader, alive) {
  for (let rest = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value).replace(/\r\n/g, "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) yield parsed(block);
  }
}

/**
 * A block of an event stream; without a message when it only says that the stream lives.
 * @param {string} block
 * @returns {Heard}
 */
export function parsed(block) {
  let id = null;
  let data = "";
  for (const line of block.split("\n")) {
    const [, name, content] = /^(id|data): ?(.*)$/s.exec(line) ?? [];
    if (name === "id") id = content;
    if (name === "data") data += content;
  }
  return data ? { id, message: JSON.parse(data) } : {};
}
