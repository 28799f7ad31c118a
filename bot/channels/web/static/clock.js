// Times and days as people write them, in Dutch time.

const ZONE = "Europe/Amsterdam";

function format(language, options) {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZone: ZONE, ...options });
}

export function timeOf(date, language) {
  return format(language, { hour: "2-digit", minute: "2-digit" }).format(date);
}

export function dayKey(date) {
  return format("en-GB", { year: "numeric", month: "2-digit", day: "2-digit" }).format(date);
}

export function dayName(date, language, words) {
  const now = new Date();
  if (dayKey(date) === dayKey(now)) return words.today;
  if (dayKey(date) === dayKey(new Date(now - 86_400_000))) return words.yesterday;
  return format(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(date);
}
