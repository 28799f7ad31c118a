// Puts the page together: what the person does goes into the queue, what the server says goes into the view.

import { Api, Away } from "./api.js";
import { Listening, rest } from "./listening.js";
import { Queue } from "./queue.js";
import { keepAtBottom, reveal } from "./scrolling.js";
import { keeps, newId, recall, remember } from "./store.js";
import { View } from "./view.js";

const TYPING_AFTER = 300;
const find = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const words = JSON.parse(document.body.dataset.words);
const language = document.documentElement.lang;
const source = query.get("source");
const api = new Api({
  embedded: "embedded" in document.body.dataset,
  language,
  source,
  ended: () => say(words.session_ended),
});
const field = find("field");
const view = new View(
  find("log"), words, language,
  (button) => choose(button.id, button.label),
  (command) => put({ text: command }, command),
  (file) => api.file(file).catch((error) => say(error.message || words.offline)),
);
let typingTimer = null;
let away = false;
let earlierThan = null;

const queue = new Queue(api, {
  sending: () => showTyping(true),
  answered(item, body) {
    if (!away && body.state !== "new") say("");
    setAway(false, true);
    view.mark(item.body.message_id, "");
    showTyping(false);
    showAnswer(item, body.messages);
    followLanguage(item);
    warnIfNotKept();
  },
  away(item, error) {
    showTyping(false);
    view.mark(item.body.message_id, error.code === "network" ? words.waiting : words.sending);
    if (error.code === "network") setAway(true);
    else if (error.code !== "session") say(error.message || words.error);
  },
  refused(item, error) {
    showTyping(false);
    say(error.message || words.error_failed);
    view.mark(item.body.message_id, error.message || words.error_failed, true);
    if (item.body.text && !field.value) field.value = item.body.text;
  },
  idle: () => showTyping(false),
});

const listening = new Listening(api, {
  heard(message) {
    const node = view.show(message);
    if (node && message.from !== "person") reveal(node);
  },
  here() {
    if (!away) return;
    setAway(false);
    queue.hurry();
  },
  away: () => setAway(true),
  anew: () => restart(),
});

function say(text) {
  if (find("status").textContent !== text) find("status").textContent = text;
}

function setAway(now, sent = false) {
  if (now === away) return;
  away = now;
  document.body.classList.toggle("away", away);
  say(away ? words.offline : sent && !queue.items.length ? words.online : "");
  if (!away) setTimeout(() => find("status").textContent === words.online && say(""), 6000);
}

function showTyping(now) {
  clearTimeout(typingTimer);
  const typing = find("typing");
  if (!now) typing.replaceChildren();
  else if (!away) {
    typingTimer = setTimeout(() => {
      const dots = document.createElement("span");
      dots.className = "dots";
      dots.setAttribute("aria-hidden", "true");
      dots.append(...[0, 1, 2].map(() => document.createElement("span")));
      typing.replaceChildren(dots, words.typing);
    }, TYPING_AFTER);
  }
}

function showAnswer(item, messages) {
  const own = view.shown.get(item.body.message_id)?.node;
  const nodes = messages.map((message) => view.show({ from: "bot", ...message }));
  if (item.text || view.shown.size > messages.length + 1) reveal(own ?? nodes.find(Boolean));
}

function followLanguage(item) {
  const wanted = /^language:([a-z]+)/.exec(item.body.choice ?? "")?.[1];
  if (!wanted || wanted === language || !document.querySelector(`[data-language="${wanted}"]`)) return;
  query.set("lang", wanted);
  location.replace(`/?${query}`);
}

function put(body, text) {
  const id = newId();
  const trap = find("website").value;
  if (text) {
    view.show({ id, from: "person", text, choice: body.choice, local: true });
    reveal(null);
  }
  queue.add({ text, body: { message_id: id, ...body, ...(trap ? { website: trap } : {}) } });
}

function choose(id, label) {
  put({ choice: id }, label);
}

function resize() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 200)}px`;
}

function restoreQueue() {
  for (const item of queue.items) {
    if (!item.text) continue;
    const { message_id: id, choice } = item.body;
    view.show({ id, from: "person", text: item.text, choice, local: true });
    view.mark(item.body.message_id, words.waiting);
  }
}

/** What was said before, as the server has it. Gives how much that is, and the id of the latest. */
async function load() {
  const { messages, last, first, more } = await api.history();
  setEarlier(more ? first : null);
  const log = find("log");
  log.setAttribute("aria-busy", "true");
  messages.forEach((message) => view.show(message));
  view.settlePast(messages);
  log.removeAttribute("aria-busy");
  return { count: messages.length, last: last ?? "0" };
}

function setEarlier(first) {
  earlierThan = first;
  find("earlier").hidden = !first;
}

async function showEarlier() {
  try {
    const { messages, first, more } = await api.history({ before: earlierThan });
    const height = document.documentElement.scrollHeight;
    view.showBefore(messages);
    setEarlier(more ? first : null);
    scrollBy(0, document.documentElement.scrollHeight - height);
  } catch (error) {
    say(error.message || words.offline);
  }
}

async function loadAtLast() {
  for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      const loaded = await load();
      setAway(false);
      say("");
      return loaded;
    } catch (error) {
      if (!(error instanceof Away)) {
        say(error.message || words.error_failed);
        return { count: 0, last: "0" };
      }
      if (error.code !== "session") setAway(true);
      if (error.message) say(error.message);
      await rest(Math.max(pause, Math.min(error.wait * 1000, 30_000)));
    }
  }
}

async function begin() {
  const { count, last } = await loadAtLast();
  const moved = recall("switched");
  remember("switched", null);
  restoreQueue();
  reveal(null);
  if (!count && !queue.items.length) put({ text: "/start" });
  else if (moved === language) choose(`language:${language}`, words.language_name);
  queue.run();
  await api.ensure().catch(() => {}); // before listening: which tabs belong together follows from the session
  listening.start(last);
}

/** Another tab began a new conversation: this one shows that too. */
async function restart() {
  leave();
  api.known = false;
  const { last } = await loadAtLast();
  listening.start(last);
}

/** The conversation on the screen is no longer the one there is. */
function leave() {
  listening.stop();
  queue.clear();
  showTyping(false);
  view.clear();
  setEarlier(null);
}

async function startAnew() {
  queue.hold();
  try {
    await api.anew();
  } catch (error) {
    queue.release();
    say(error.message || words.offline);
    return;
  }
  listening.tellAnew();
  leave();
  queue.release();
  say("");
  put({ text: "/start" });
  field.focus();
  listening.start("0");
}

/** Where the browser keeps nothing for us, a reload begins a new conversation: said before it happens. */
function warnIfNotKept() {
  if (!api.token || keeps()) return;
  find("notice").textContent = words.not_kept;
  find("notice").hidden = false;
}

/** Whether what is typed is more than the server takes; counted as it counts, a character at a time. */
function tooLong() {
  return Array.from(field.value.trim()).length > Number(field.dataset.most);
}

function send() {
  const text = field.value.trim();
  if (tooLong()) say(words.too_long.replace("{most}", field.dataset.most));
  if (!text || tooLong()) return field.focus();
  field.value = "";
  remember("typed", null);
  resize();
  put({ text }, text);
  field.focus();
}

find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
field.addEventListener("input", () => {
  remember("typed", field.value || null);
  resize();
  if (tooLong()) say(words.too_long.replace("{most}", field.dataset.most));
  else if (find("status").textContent === words.too_long.replace("{most}", field.dataset.most)) say("");
});
for (const tool of document.querySelectorAll("[data-command], [data-choice]")) {
  tool.addEventListener("click", () => {
    const { command, choice } = tool.dataset;
    put(choice ? { choice } : { text: command }, choice ? tool.textContent : command);
  });
}
for (const link of document.querySelectorAll("[data-language]")) {
  if (source) link.href += `&source=${encodeURIComponent(source)}`;
  link.addEventListener("click", () => remember("switched", link.dataset.language));
}
find("earlier").addEventListener("click", showEarlier);
const dialog = find("anew-dialog");
find("anew").addEventListener("click", () => (dialog.showModal ? dialog.showModal() : dialog.setAttribute("open", "")));
const close = () => (dialog.close ? dialog.close() : dialog.removeAttribute("open"));
find("anew-no").addEventListener("click", close);
find("anew-yes").addEventListener("click", () => {
  close();
  startAnew();
});

field.value = recall("typed", "");
find("notice").hidden = true;
find("dock").hidden = false;
resize();
keepAtBottom(() => view.shown.size > 2);
begin();
