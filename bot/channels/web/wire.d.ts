// What the page and the server tell each other, and what the page's parts tell one another. Types alone.

/** The page's words in its language: the keys of messages/<language>/page.toml. */
export type Words = Record<string, string>;

export interface Button {
  id: string;
  label: string;
  /** what it is among those beside it */
  role?: "primary" | "quiet" | "danger";
}

export interface Ask {
  field: string;
  label: string;
  step?: number;
  of?: number;
}

export interface Given {
  field: string;
  label: string;
  value: string;
  /** the button that changes it */
  edit?: string;
}

export interface Attached {
  name: string;
  /** where it is made when it is asked for */
  url: string;
  /** the file itself; only with the answer to who asked for it */
  content?: string;
  /** the same for people to read, as a web page; without it that is made as well, at `url` with "?page" */
  page?: string;
}

/** A line of the conversation, as the API gives it. */
export interface Message {
  id: string;
  from: "person" | "bot" | "staff";
  /** who of staff says it */
  name?: string;
  text?: string;
  html?: string;
  /** ISO 8601; left out while it is only here */
  at?: string;
  language?: string;
  buttons?: Button[][];
  /** the groups of those rows, in order: what each is called, and how many rows it has */
  groups?: { label: string; rows: number }[];
  file?: Attached;
  /** the question that is open with it; `step`: which of how many */
  ask?: Ask;
  /** the answers that it shows, or that were given before the question */
  summary?: Given[];
  /** of a message that shows these answers: what stands above and below them, without them */
  above?: string;
  below?: string;
  /** what was typed was not taken as it is: it can be mended */
  refused?: boolean;
  /** of a person's line: the id it was sent with */
  message_id?: string;
  /** of a person's line that is only here: the button it is */
  choice?: string;
}

/** What is sent to the server. */
export interface Sent {
  message_id: string;
  text?: string;
  choice?: string;
  website?: string;
}

/** What waits to be sent; `text`: how it is shown, left out where it is not. */
export interface Item {
  text?: string;
  body: Sent;
}

/** An answer of the server; `state`: whether the session came along. */
export interface Answer {
  messages: Message[];
  state: string | null;
  session?: string;
  first?: string | null;
  last?: string | null;
  more?: boolean;
  /** the conversation ended with this answer: all that was kept of it was removed */
  ended?: boolean;
}

/** Something that came by itself; empty when the stream only says that it lives. */
export interface Heard {
  id?: string | null;
  message?: Message;
}

/** A line on the page, with what became of its buttons: still to choose from, or past, one of them chosen or none. */
export interface Line {
  message: Message;
  choices: "none" | "live" | "past";
  chosen: string | null;
}

/** What the button on another site is given: what it says, by language, the course's first language, and its colours. */
export interface Widget {
  colours: { brand: string; accent: string };
  words: Record<string, { open: string }>;
  language: string;
}

declare global {
  /** Stands above the widget's script as the server gives it. */
  const GIVEN: Widget;
}
