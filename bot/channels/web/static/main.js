// Puts the page together.

import { Api } from "./api.js";
import { Bar } from "./bar.js";
import { Chat } from "./chat.js";
import { Choices } from "./choices.js";
import { Clock } from "./clock.js";
import { named } from "./commands.js";
import { Composer } from "./composer.js";
import { find } from "./dom.js";
import { keepPage } from "./kept.js";
import { stayAbove } from "./keyboard.js";
import { Listening } from "./listening.js";
import { News } from "./news.js";
import { Reading } from "./scrolling.js";
import { Status } from "./status.js";
import { recall, remember } from "./store.js";
import { View } from "./view.js";

/** @import { Words } from "../wire.js" */

const { body, documentElement } = document;
const language = documentElement.lang;
const query = new URLSearchParams(location.search);
const source = query.get("source");
/** @type {Words} */
const words = JSON.parse(body.dataset.words ?? "{}");

const places = {
  body,
  dock: find("dock", HTMLElement),
  earlier: find("earlier", HTMLButtonElement),
  head: find("masthead", HTMLElement),
  log: find("log", HTMLElement),
  notice: find("notice", HTMLElement),
  status: find("status", HTMLElement),
  typing: find("typing", HTMLElement),
};
const menu = find("menu", HTMLDetailsElement);
const dialog = find("anew-dialog", HTMLDialogElement);
const composing = {
  form: find("composer", HTMLFormElement),
  field: find("field", HTMLTextAreaElement),
  trap: find("website", HTMLInputElement),
  counter: find("counter", HTMLElement),
};

const status = new Status(places, words);
const api = new Api({ language, source, ended: () => status.say(words.session_ended) });
const clock = new Clock(body.dataset.zone ?? "UTC", body.dataset.locale || language, words);
const choices = new Choices(words, (button) => chat.choose(button.id, button.label));
const ways = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".person a"));
const links = new Map([...ways].map((way) => [way.textContent ?? "", way.href]));
const commands = { names: named(words), links, tap: (/** @type {string} */ command) => chat.say(command) };
const view = new View(places.log, words, clock, choices, {
  commands,
  fetch: (file) => api.file(file).catch((error) => chat.failed(error)),
});
const reading = new Reading(places);
const bar = new Bar(find("bar", HTMLElement), words, (button) => chat.choose(button.id, button.label), commands);
const composer = new Composer(composing, status, words, (text) => chat.say(text));
const chat = new Chat({
  api,
  view,
  status,
  reading,
  news: new News(find("news", HTMLButtonElement), reading, words),
  words,
  around: {
    trapped: () => composer.trapped,
    refused: (text, why) => composer.giveBack(text, why),
    answered: (choice, messages) => {
      followLanguage(choice);
      if (messages.at(-1)?.buttons?.length) composer.rest();
    },
    stands: (message) => {
      composer.asks(message?.ask);
      bar.show(message);
    },
    begun: (begun) => body.classList.toggle("begun", begun),
    arrived: () => reading.arrive(),
    emptied: () => composer.empty(),
    earlier: (more) => {
      places.earlier.hidden = !more;
    },
  },
});
const listening = new Listening(api, {
  heard: (message) => chat.heard(message),
  here: () => chat.here(),
  away: () => status.away(),
  anew: () => chat.restart(),
  begun: () => chat.join(),
});

/**
 * The person chose a language: the page is opened again in it.
 * @param {string | undefined} choice
 */
function followLanguage(choice) {
  const wanted = /^language:([a-z]+)/.exec(choice ?? "")?.[1];
  if (!wanted || wanted === language || !document.querySelector(`[data-language="${wanted}"]`)) return;
  query.set("lang", wanted);
  location.replace(`/?${query}`);
}

/** A language was chosen by its link: the conversation is told so on the page that was opened. */
function switched() {
  const wanted = recall("switched");
  remember("switched", null);
  return wanted === language ? { choice: `language:${language}`, text: words.language_name } : null;
}

function closeDialog() {
  if (dialog.close) dialog.close();
  else dialog.removeAttribute("open");
}

for (const tool of document.querySelectorAll("button[data-command], button[data-choice]")) {
  const { command = "", choice } = /** @type {HTMLElement} */ (tool).dataset;
  tool.addEventListener("click", () => {
    menu.open = false;
    if (choice) chat.choose(choice, tool.textContent ?? "");
    else chat.say(command);
  });
}
menu.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});
document.addEventListener("click", ({ target }) => {
  if (target instanceof Node && !menu.contains(target)) menu.open = false;
});
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-language]"))) {
  if (source) link.href += `&source=${encodeURIComponent(source)}`;
  link.addEventListener("click", () => remember("switched", link.dataset.language));
}
places.earlier.addEventListener("click", () => chat.showEarlier());
find("anew", HTMLElement).addEventListener("click", () => {
  menu.open = false;
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
  find("anew-no", HTMLElement).focus();
});
find("anew-no", HTMLElement).addEventListener("click", closeDialog);
find("anew-yes", HTMLElement).addEventListener("click", async () => {
  closeDialog();
  if (await chat.startAnew()) composer.focus();
});

places.notice.hidden = true;
find("send", HTMLButtonElement).disabled = false;
composer.resize();
stayAbove(documentElement);
chat.begin(listening, switched());
keepPage();
