// Requests of our own making: same origin, with the token against forgery, and honest about being signed out.

export function token() {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
  } catch {
    return "";
  }
}

export class SignedOut extends Error {}

export async function ask(url, { method = "GET", body = null, target = "", signal = null, keepalive = false } = {}) {
  const headers = { "HX-Request": "true" };
  if (target) headers["HX-Target"] = target;
  if (method !== "GET") headers["X-CSRFToken"] = token();
  const answer = await fetch(url, { method, body, headers, signal, keepalive, credentials: "same-origin", cache: "no-store" });
  const elsewhere = answer.redirected && new URL(answer.url).pathname !== new URL(url, location.href).pathname;
  if (answer.status === 401 || elsewhere) throw new SignedOut();
  return answer;
}

export function post(url, values = {}, options = {}) {
  return ask(url, { method: "POST", body: new URLSearchParams(values), ...options });
}

export function put(url, values = {}, options = {}) {
  return ask(url, { method: "PUT", body: new URLSearchParams(values), ...options });
}
