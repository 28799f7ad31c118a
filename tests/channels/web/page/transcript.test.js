// What was said, each line once, and what can still be chosen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Transcript } from "../../../../bot/channels/web/static/transcript.js";

/** @import { Message } from "../../../../bot/channels/web/wire.js" */

/**
 * A message of the bot's, with these buttons.
 * @param {string} id
 * @param {string[]} labels
 * @returns {Message}
 */
function bot(id, ...labels) {
  return { id, from: "bot", html: id, buttons: [labels.map((label) => ({ id: `topic:${label}`, label }))] };
}

/**
 * What the person said, as the server has it.
 * @param {string} id
 * @param {string} text
 * @param {string} message_id
 * @returns {Message}
 */
function person(id, text, message_id = `own${id}`) {
  return { id, from: "person", text, message_id };
}

/** A transcript, and the ids of the lines whose buttons went. */
function begun() {
  /** @type {string[]} */
  const past = [];
  return { past, said: new Transcript((line) => past.push(line.message.id)) };
}

/** @param {Transcript} said */
function live(said) {
  return said.live.map((line) => line.message.id);
}

test("the newest message alone can be chosen from", () => {
  const { said, past } = begun();
  for (const id of ["1", "2", "3"]) said.add(bot(id, "costs"));
  assert.deepEqual(live(said), ["3"]);
  assert.deepEqual(past, ["1", "2"]);
});

test("a message without buttons leaves those before it alive", () => {
  const { said } = begun();
  said.add(bot("1", "costs"));
  said.add({ id: "2", from: "bot", html: "By the way." });
  assert.deepEqual(live(said), ["1"]);
});

test("the person's own words end all choices, before the server has them", () => {
  const { said, past } = begun();
  said.add(bot("1", "costs"));
  said.add({ id: "abc", from: "person", text: "something else" });
  assert.deepEqual(live(said), []);
  assert.deepEqual(past, ["1"]);
});

test("staff's words end no choice, and what they offer stays beside it", () => {
  const { said } = begun();
  said.add(bot("1", "costs"));
  said.add({ ...bot("2", "answer"), from: "staff" });
  assert.deepEqual(live(said), ["1", "2"]);
});

for (const [how, message] of /** @type {[string, Message][]} */ ([
  ["tapped", { id: "abc", from: "person", text: "other words", choice: "topic:Costs" }],
  ["typed", { id: "abc", from: "person", text: " costs " }],
  ["heard from another tab", person("2", "Costs")],
])) {
  test(`what was ${how} shows as chosen`, () => {
    const { said } = begun();
    const line = said.add(bot("1", "Costs", "Dates"));
    said.add(message);
    assert.deepEqual([line?.choices, line?.chosen], ["past", "Costs"]);
  });
}

test("one's own words come back from the server once, by their id, whatever they say there", () => {
  const { said } = begun();
  assert.ok(said.add({ id: "abc", from: "person", text: "All topics", choice: "menu" }));
  assert.equal(said.add(person("2", "Topics", "abc")), null);
  assert.equal(said.add(person("2", "Topics", "abc")), null);
});

test("equal words of another tab are another line", () => {
  const { said } = begun();
  said.add({ id: "abc", from: "person", text: "yes" });
  assert.ok(said.add(person("2", "yes", "def")));
});

test("what comes late ends nothing that was said after it", () => {
  const { said } = begun();
  said.add(bot("4", "costs"));
  said.add(person("2", "from another tab"));
  said.add(bot("3", "dates"));
  assert.deepEqual(live(said), ["4"]);
});

test("a command of the page is not shown, and ends choices all the same", () => {
  const { said } = begun();
  said.add(bot("1", "costs"));
  assert.equal(said.add(person("2", "/start costs")), null);
  assert.deepEqual(live(said), []);
});

test("in earlier lines there is nothing to choose any more, and they end nothing", () => {
  const { said } = begun();
  said.add(bot("5", "costs"));
  assert.equal(said.addEarlier(bot("1", "dates"))?.choices, "past");
  assert.deepEqual(live(said), ["5"]);
});

test("two tabs that hear the same in another order can choose from the same", () => {
  const lines = [bot("1", "costs"), person("2", "x"), bot("3", "dates"), person("4", "y"), bot("5", "place")];
  const orders = [lines, [...lines].reverse(), [3, 0, 4, 1, 2].flatMap((at) => lines[at] ?? [])];
  for (const heard of orders) {
    const { said } = begun();
    for (const message of heard) said.add(message);
    assert.deepEqual(live(said), ["5"]);
  }
});
