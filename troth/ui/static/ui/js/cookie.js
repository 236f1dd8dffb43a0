// A choice of looks that the server must know before it paints the next page.

export function remember(name, value) {
  const age = value ? 60 * 60 * 24 * 400 : 0;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${age}; samesite=lax${secure}`;
}
