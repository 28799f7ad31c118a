// Puts the page together: what the person does goes into the queue, what the server says goes into the view.

import { Api, Away } from "./api.js";
import { Queue } from "./queue.js";
import { newId, recall, remember } from "./store.js";
import { View } from "./view.js";

const TYPING_AFTER = 300;
const find = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const words = JSON.parse(document.body.dataset.words);
const language = document.documentElement.lang;
const source = query.get("source");
const api = new Api({ embedded: "embedded" in document.body.dataset, language, source });
const field = find("field");
const view = new View(
  find("log"), words, language,
  (button) => choose(button.id, button.label),
  (command) => put({ text: command }, command),
);
let typingTimer = null;
let away = false;
let lastSeen = null;
let stream = null;

const queue = new Queue(api, {
  sending: () => showTyping(true),
  answered(item, body) {
    if (!away) say("");
    setAway(false, true);
    view.mark(item.body.message_id, "");
    showTyping(false);
    showAnswer(item, body.messages);
    lastSeen ??= body.messages.at(-1)?.id ?? null; // from here on the stream tells
    followLanguage(item);
    if (!stream) listen();
  },
  away(item, error) {
    showTyping(false);
    view.mark(item.body.message_id, error.code === "network" ? words.waiting : words.sending);
    if (error.code === "network") setAway(true);
    else say(error.message || words.error);
  },
  refused(item, error) {
    showTyping(false);
    say(error.message || words.error_failed);
    view.mark(item.body.message_id, error.message || words.error_failed, true);
    if (item.body.text && !field.value) field.value = item.body.text;
  },
  idle: () => showTyping(false),
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

/** Bring the latest into view; where the answer is longer than the screen, its beginning. */
function reveal(first) {
  const bottom = document.documentElement.scrollHeight - innerHeight;
  scrollTo(0, first ? Math.min(bottom, first.getBoundingClientRect().top + scrollY - 12) : bottom);
}

/** Who reads the latest goes on seeing it when a line appears under it. */
function keepAtBottom() {
  let atBottom = true;
  const look = () => {
    atBottom = document.documentElement.scrollHeight - innerHeight - scrollY < 48;
  };
  addEventListener("scroll", look, { passive: true });
  const observer = new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingBottom = `${find("dock").offsetHeight + 8}px`;
    if (atBottom && view.shown.size > 2) reveal(null);
  });
  for (const id of ["log", "typing", "dock"]) observer.observe(find(id));
}

function showAnswer(item, messages) {
  const own = view.shown.get(item.body.message_id)?.node;
  const nodes = messages.map((message) => view.show({ from: "bot", ...message }));
  if (item.text || view.shown.size > messages.length + 1) reveal(own ?? nodes.find(Boolean));
}

/** After a choice of language the page itself follows. */
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

/** What was said before, as the server has it. */
async function load() {
  const { messages, last } = await api.history();
  lastSeen = last;
  const log = find("log");
  log.setAttribute("aria-busy", "true");
  messages.forEach((message) => view.show(message));
  view.settlePast(messages);
  log.removeAttribute("aria-busy");
  return messages.length;
}

async function begin() {
  let before = 0;
  for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      before = await load();
      break;
    } catch (error) {
      if (!(error instanceof Away)) break;
      setAway(true);
      await rest(pause);
    }
  }
  setAway(false);
  say("");
  const moved = recall("switched");
  remember("switched", null);
  restoreQueue();
  reveal(null);
  if (!before && !queue.items.length) put({ text: "/start" });
  else if (moved === language) choose(`language:${language}`, words.language_name);
  if (before) listen();
  queue.run();
}

function rest(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
    addEventListener("online", done);
  });
}

/** Show what comes without being asked for (staff's words, another tab's), for as long as the page is open. */
async function listen() {
  stream?.abort();
  const mine = new AbortController();
  stream = mine;
  for (let pause = 500; !mine.signal.aborted; pause = Math.min(pause * 2, 10_000)) {
    try {
      for await (const { id, message } of api.events(lastSeen, mine)) {
        if (mine.signal.aborted) return;
        pause = 500;
        if (away) {
          setAway(false);
          queue.hurry();
        }
        if (!message) continue;
        lastSeen = id;
        const node = view.show(message);
        if (node && message.from !== "person") reveal(node);
      }
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof Away) && error.code) {
        if (stream === mine) stream = null; // the next answer, in a new session perhaps, begins one
        return;
      }
      if (error.code === "network") setAway(true);
    }
    await rest(pause);
  }
}

async function startAnew() {
  try {
    await api.anew();
  } catch (error) {
    say(error.message || words.offline);
    return;
  }
  stream?.abort();
  stream = null;
  queue.clear();
  showTyping(false);
  lastSeen = null;
  view.clear();
  put({ text: "/start" });
  field.focus();
}

function send() {
  const text = field.value.trim();
  if (!text) return field.focus();
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
  if (field.value.length >= field.maxLength) say(words.too_long);
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
const dialog = find("anew-dialog");
find("anew").addEventListener("click", () => dialog.showModal());
find("anew-no").addEventListener("click", () => dialog.close());
find("anew-yes").addEventListener("click", () => {
  dialog.close();
  startAnew();
});

field.value = recall("typed", "");
find("notice").remove();
find("dock").hidden = false;
resize();
keepAtBottom();
begin();
