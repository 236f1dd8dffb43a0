// <time data-time="short|clock|day|moment|full"> in the person's own language, format and zone.

import { named, remember } from "./locally.js";

const page = document.documentElement.lang || "en";
const locale = navigator.languages.find((tag) => tag.split("-")[0] === page.split("-")[0]) ?? page;
const zone = document.documentElement.dataset.zone || undefined;
const make = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });

const clock = make({ hour: "numeric", minute: "2-digit" });
const weekday = make({ weekday: "short" });
const dayOfYear = make({ day: "numeric", month: "short" });
const anyDay = make({ day: "numeric", month: "short", year: "numeric" });
const longDay = make({ weekday: "long", day: "numeric", month: "long" });
const moment = make({ weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
const full = make({ dateStyle: "full", timeStyle: "short" });
const iso = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

const DAY_MS = 86400000;

function daysAgo(at) {
  return Math.round((Date.parse(iso.format(new Date())) - Date.parse(iso.format(at))) / DAY_MS);
}

function capital(text) {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

function sameYear(at) {
  return iso.format(at).slice(0, 4) === iso.format(new Date()).slice(0, 4);
}

// What does not depend on today is worked out once: a thread is drawn again with every message, its times are the same.
const KEPT_MAX = 2000;
const kept = new Map();

function once(name, format, at) {
  const key = `${name} ${at.getTime()}`;
  if (kept.size > KEPT_MAX) kept.clear();
  if (!kept.has(key)) kept.set(key, format.format(at));
  return kept.get(key);
}

const shapes = {
  clock: (at) => once("clock", clock, at),
  full: (at) => once("full", full, at),
  moment: (at) => moment.format(at),
  short(at) {
    const days = daysAgo(at);
    if (days === 0) return clock.format(at);
    if (days === 1) return capital(relative.format(-1, "day"));
    if (days > 1 && days < 7) return weekday.format(at);
    return (sameYear(at) ? dayOfYear : anyDay).format(at);
  },
  day(at) {
    const days = daysAgo(at);
    if (days === 0 || days === 1) return capital(relative.format(-days, "day"));
    return (sameYear(at) ? longDay : anyDay).format(at);
  },
};

// A day line carries a date without a time; it means that day here, not midnight in London.
function instant(element) {
  const value = element.getAttribute("datetime");
  return new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T12:00:00` : value);
}

export function showTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-time]")) {
    const at = instant(element);
    if (Number.isNaN(at.getTime())) continue;
    const text = shapes[element.dataset.time]?.(at);
    if (text && element.textContent !== text) element.textContent = text;
    const title = element.dataset.time === "day" || element.dataset.time === "full" ? "" : shapes.full(at);
    if (element.title !== title) element.title = title;
  }
}

showTimes();
document.addEventListener("troth:changed", (event) => showTimes(event.target));
document.addEventListener("htmx:afterSwap", (event) => showTimes(event.target));
setInterval(() => document.hidden || showTimes(), 60000);

// The server draws the lines between days in this zone too. A visitor who is not signed in sees no such lines.
const here = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
const isMember = document.body.classList.contains("app");
if (isMember && here && !document.cookie.includes(`${named("troth_zone")}=${encodeURIComponent(here)}`)) {
  remember("troth_zone", here);
}
