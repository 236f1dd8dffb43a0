// What this browser keeps by itself: all under one prefix, forgotten at log-out; and looks, which the server must know
// before it paints the next page.

const PREFIX = "troth:";

export function keep(name, value) {
  try {
    if (value === null || value === "") localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the page works on, it only forgets on reload.
  }
}

export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

export function forgetEverything() {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
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
