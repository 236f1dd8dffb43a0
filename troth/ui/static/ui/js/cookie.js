// A choice of looks that the server must know before it paints the next page. Over https a browser takes such a name
// from this host only.
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
