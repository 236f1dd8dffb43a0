// Passkeys: a form with data-passkey="create" or "get" asks the browser for one and hands it to the server.
// The options stand in the page (data-options names the element), or are fetched (data-options-url).
import { toast } from "./toast.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function listed(credentials) {
  return (credentials ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
}

function creation(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials),
  };
}

function request(options) {
  return { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
}

function asJson(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function optionsOf(form) {
  const { options, optionsUrl } = form.dataset;
  if (options) return JSON.parse(document.getElementById(options).textContent);
  const answer = await fetch(optionsUrl, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function ask(form) {
  const all = await optionsOf(form);
  if (form.dataset.passkey === "create") {
    const publicKey = creation((all.creation_options ?? all).publicKey);
    const alone = form.querySelector("[name=passwordless]");
    if (alone?.checked) {
      publicKey.authenticatorSelection = {
        ...publicKey.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      };
    }
    return navigator.credentials.create({ publicKey });
  }
  return navigator.credentials.get({ publicKey: request((all.request_options ?? all).publicKey) });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const field = form.querySelector("[name=credential]");
  if (!form.dataset.passkey || field.value) return;
  event.preventDefault();
  try {
    field.value = JSON.stringify(asJson(await ask(form)));
    form.requestSubmit();
  } catch (problem) {
    if (problem.name !== "AbortError") toast(form.dataset.failed, { error: true });
  }
});

if (!window.PublicKeyCredential) for (const form of document.querySelectorAll("[data-passkey]")) form.hidden = true;
