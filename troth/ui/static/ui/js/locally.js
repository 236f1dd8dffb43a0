// What this browser keeps by itself: all under one prefix, forgotten at log-out; and looks, which the server must know
// before it paints the next page.

const PREFIX = "troth:";

// With `tab` it lasts as long as this tab, and no other one knows of it.
const shelf = (tab) => (tab ? sessionStorage : localStorage);

export function keep(name, value, { tab = false } = {}) {
  try {
    if (value === null || value === "") shelf(tab).removeItem(PREFIX + name);
    else shelf(tab).setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the page works on, it only forgets on reload.
  }
}

export function kept(name, { tab = false } = {}) {
  try {
    return JSON.parse(shelf(tab).getItem(PREFIX + name));
  } catch {
    return null;
  }
}

export function forgetEverything() {
  try {
    for (const all of [localStorage, sessionStorage]) {
      for (const name of Object.keys(all)) if (name.startsWith(PREFIX)) all.removeItem(name);
    }
  } catch {
    // Nothing could have been kept either.
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.querySelector("[data-logout]")) forgetEverything();
});

// Over https a browser takes such a name from this host only.
const secure = location.protocol === "https:";
const YEAR_S = 60 * 60 * 24 * 365;

export function named(name) {
  return secure ? `__Host-${name}` : name;
}

export function remember(name, value) {
  const age = value ? YEAR_S : 0;
  const rest = `path=/; max-age=${age}; samesite=lax${secure ? "; secure" : ""}`;
  document.cookie = `${named(name)}=${encodeURIComponent(value)}; ${rest}`;
}
