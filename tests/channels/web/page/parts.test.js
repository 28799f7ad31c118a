// The page's smaller parts: its clock, what a message says, the stream, the queue.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Away, Refused } from "../../../../bot/channels/web/static/api.js";
import { attributes, label, progress } from "../../../../bot/channels/web/static/asks.js";
import { divided } from "../../../../bot/channels/web/static/bar.js";
import { Clock } from "../../../../bot/channels/web/static/clock.js";
import { commandsIn, linksIn, parse, withLists } from "../../../../bot/channels/web/static/html.js";
import { covered } from "../../../../bot/channels/web/static/keyboard.js";
import { Queue } from "../../../../bot/channels/web/static/queue.js";
import { initials, introduced, told } from "../../../../bot/channels/web/static/speaking.js";
import { heard, parsed } from "../../../../bot/channels/web/static/stream.js";

/** @import { Heard, Item } from "../../../../bot/channels/web/wire.js" */

const WORDS = { today: "Vandaag", yesterday: "Gisteren" };

test("times and days are those of the course's clock", () => {
  const late = new Date("2026-03-01T15:30:00Z");
  const tokyo = new Clock("Asia/Tokyo", "nl", WORDS);
  assert.equal(tokyo.time(late), "00:30");
  assert.equal(tokyo.dayName(late, new Date("2026-03-01T16:00:00Z")), "Vandaag");
  assert.equal(tokyo.dayName(late, new Date("2026-03-02T16:00:00Z")), "Gisteren");
  assert.equal(tokyo.dayName(late, new Date("2026-04-01T16:00:00Z")), "maandag 2 maart 2026");
  assert.equal(
    new Clock("Europe/Amsterdam", "en-GB", WORDS).dayName(late, new Date("2026-04-01")),
    "Sunday, 1 March 2026",
  );
});

/** @type {[string, unknown][]} */
const SAID = [
  ["a &lt;b&gt; &#233; &nope; &constructor;", "a <b> é &nope; &constructor;"],
  ["<b>x</b>", [{ tag: "strong", href: null, children: ["x"] }]],
  ["<b><i>x</b>y</i>", [{ tag: "strong", href: null, children: [{ tag: "em", href: null, children: ["x"] }] }, "y"]],
  ['<a href="/?a=1&amp;b=2">x</a>', [{ tag: "a", href: "/?a=1&b=2", children: ["x"] }]],
  ["<script>x</script><constructor>y", "xy"],
  ["</b>a < b & c", "a < b & c"],
  ["<b>open", [{ tag: "strong", href: null, children: ["open"] }]],
];
for (const [html, parts] of SAID) {
  test(`${html} is a few known tags and text`, () => {
    const found = parse(html);
    assert.deepEqual(typeof parts === "string" ? found.join("") : found, parts);
  });
}

test("a command is one between blanks and signs, not inside a word", () => {
  assert.deepEqual(commandsIn("Read /privacy. And/or /no1"), ["Read", " ", "/privacy", ". And/or /no1"]);
});

test("a stream is read however it is cut", async () => {
  const text = ': hi\r\n\r\nid: 7\r\ndata: {"id": "7",\r\ndata:  "from": "bot"}\r\n\r\n';
  const whole = { id: "7", message: { id: "7", from: "bot" } };
  for (let cut = 1; cut < text.length; cut++) {
    const pieces = [text.slice(0, cut), text.slice(cut)];
    const stream = new ReadableStream({
      pull: (control) => (pieces.length ? control.enqueue(pieces.shift()) : control.close()),
    });
    /** @type {Heard[]} */
    const events = [];
    for await (const event of heard(stream.getReader(), () => {})) events.push(event);
    assert.deepEqual(events, [{}, whole], `cut at ${cut}`);
  }
  assert.deepEqual(parsed(": still here"), {});
});

/**
 * A queue whose server does these things in turn, and what it told.
 * @param {(Error | null)[]} turns
 */
function sending(...turns) {
  /** @type {string[]} */
  const told = [];
  const say = (/** @type {string} */ what) => (/** @type {Item} */ item) => void told.push(`${what} ${item.body.text}`);
  /** @type {(told: string[]) => void} */
  let rests = () => {};
  /** @type {Promise<string[]>} */
  const idle = new Promise((resolve) => {
    rests = resolve;
  });
  const api = {
    send: async () => {
      const problem = turns.shift();
      if (problem) throw problem;
      return { messages: [], state: "known" };
    },
  };
  const queue = new Queue(api, {
    sending: () => {},
    answered: say("answered"),
    away: (item) => {
      say("away")(item);
      setImmediate(() => queue.hurry());
    },
    refused: say("refused"),
    idle: () => rests(told),
  });
  return { queue, idle };
}

test("what the server does not take yet is sent again, in order; what it never will is not", async () => {
  const { queue, idle } = sending(new Away("network"), null, new Refused("too_long", "too long"), null);
  for (const text of ["a", "b", "c"]) queue.add({ text, body: { message_id: text, text } });
  assert.deepEqual(await idle, ["away a", "answered a", "refused b", "answered c"]);
});

test("what waits is left behind with its conversation", async () => {
  const { queue, idle } = sending(new Away("network"));
  queue.add({ body: { message_id: "a", text: "a" } });
  queue.hold();
  queue.clear();
  queue.release();
  assert.deepEqual(await idle, []);
});

test("the dock stays above a keyboard that lies over the page, and where it is when the page is pinched", () => {
  assert.equal(covered({ height: 640, offsetTop: 0, scale: 1 }, 640), 0);
  assert.equal(covered({ height: 360.4, offsetTop: 40, scale: 1 }, 640), 240);
  assert.equal(covered({ height: 320, offsetTop: 0, scale: 2 }, 640), 0);
  assert.equal(covered({ height: 700, offsetTop: 0, scale: 1 }, 640), 0);
});

test("the field is called what is asked, and the browser can help with it; else it is for anything", () => {
  const words = { field_label: "Bericht", placeholder: "Typ", placeholder_answer: "Antwoord", ask_email: "email" };
  const email = { field: "email", label: "E-mailadres", step: 5, of: 5 };
  assert.equal(label(email, words), "E-mailadres");
  assert.equal(label(undefined, words), "Bericht");
  assert.deepEqual(attributes(email, words), {
    autocomplete: "email",
    inputmode: "email",
    autocapitalize: "none",
    spellcheck: "false",
    placeholder: "Antwoord",
  });
  const none = { autocomplete: null, inputmode: null, autocapitalize: null, spellcheck: null };
  assert.deepEqual(attributes({ field: "remark", label: "Opmerking" }, words), { ...none, placeholder: "Antwoord" });
  assert.deepEqual(attributes(undefined, words), { ...none, placeholder: "Typ" });
  assert.equal(progress(email, { progress: "{step}/{of}" }), "5/5");
  assert.equal(progress({ field: "remark", label: "Opmerking" }, words), "");
});

test("a question's ways out stand on the dock, a review's button that sends too, what changes an answer in its row", () => {
  const back = { id: "signup:back@a", label: "Back", role: /** @type {const} */ ("quiet") };
  const send = { id: "signup:submit@a", label: "Send", role: /** @type {const} */ ("primary") };
  const edit = { id: "signup:edit:name@a", label: "Name" };
  const more = { id: "signup:more@a", label: "More" };
  const said = { id: "1", from: /** @type {const} */ ("bot"), buttons: [[send], [edit], [more, back]] };
  const summary = [{ field: "name", label: "Name", value: "Noor", edit: edit.id }];
  assert.deepEqual(divided(said), { main: [], ways: [], under: said.buttons });
  assert.deepEqual(divided({ ...said, summary }), { main: [send], ways: [back], under: [[more]] });
  const ask = { field: "name", label: "Name" };
  assert.deepEqual(divided({ ...said, ask }), { main: [], ways: [back], under: [[send], [edit], [more]] });
  const lead = { id: "lead:edit:K7", label: "Change" };
  const rows = [{ ...summary[0], edit: "lead:edit:K7:name" }];
  const data = divided({ ...said, buttons: [[lead], [more]], summary: rows });
  assert.deepEqual(data, { main: [], ways: [], under: [[more]] });
});

test("the address of a page, and of whom one can write to, can be followed; what somebody else wrote cannot", () => {
  const known = ["anne@course.example", "+31 20 123 4567"];
  const said = "Mail anne@course.example of bel +31 20 123 4567 (zie https://a.example/b?c=1). Of noor@example.org.";
  const found = linksIn(said, known).filter((_, index) => index % 2);
  assert.deepEqual(found, ["anne@course.example", "+31 20 123 4567", "https://a.example/b?c=1"]);
  assert.deepEqual(linksIn("javascript:alert(1) data:x", []), ["javascript:alert(1) data:x"]);
});

test("lines with a bullet are a list, and lines that begin with what they are about are one too", () => {
  assert.equal(withLists("Dit:\n• a\n• <b>b</b>\n\nEn"), "Dit:<ul><li>a</li><li><b>b</b></li></ul>\nEn");
  assert.equal(withLists("<b>A:</b> 1\n<b>B:</b> 2 • 3"), "<dl><dt>A</dt><dd>1</dd><dt>B</dt><dd>2 • 3</dd></dl>");
  assert.equal(withLists("<b>Let op:</b> een zin.\nEn nog een."), "<b>Let op:</b> een zin.\nEn nog een.");
});

test("who says something is told once a run, and the time after a pause", () => {
  const at = (/** @type {number} */ minute) => new Date(2026, 2, 1, 12, minute);
  const first = { from: /** @type {const} */ ("bot"), at: at(0) };
  assert.deepEqual(told(null, first), { who: true, time: false });
  assert.deepEqual(told(first, { from: "bot", at: at(4) }), { who: false, time: false });
  assert.deepEqual(told(first, { from: "staff", at: at(4) }), { who: true, time: false });
  assert.deepEqual(told(first, { from: "bot", at: at(5) }), { who: true, time: true });
  assert.deepEqual(["Anne Kunst of een collega", "Anne of een collega", ""].map(initials), ["AK", "A", ""]);
});

test("the line that says whose words staff's are stands above them, and a message of it alone stays whole", () => {
  assert.deepEqual(introduced("<b>Bericht van Bea:</b>\n<i>Ja!</i>"), ["Bericht van Bea", "<i>Ja!</i>"]);
  for (const whole of ["<b>Bericht van Bea:</b>", "Ja, <b>morgen</b>", "<b>A &amp; B:</b> x", ""]) {
    assert.deepEqual(introduced(whole), ["", whole]);
  }
});
