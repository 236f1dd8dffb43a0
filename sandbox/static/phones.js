// Plays the phones whose WhatsApp Web is linked: scans codes, says something, lets sessions end.

import { ask, by, make } from "/static/page.js";

const state = { phone: null, chat: null, drawn: {} };
const TICKS = { "-1": "✗ failed", 1: "✓", 2: "✓✓", 3: "✓✓ read" };

const chosen = (answer) => answer.phones.find((phone) => phone.id === state.phone) ?? answer.phones[0];
const tell = (what, more = {}) => ask("POST", `/web/${what}`, { phone: state.phone, ...more });

// Draws a list anew only where it is different. Whoever stands on one of its buttons stands there still, or above.
function list(id, items, makeItem) {
  const drawn = JSON.stringify(items);
  if (state.drawn[id] === drawn) return false;
  state.drawn[id] = drawn;
  const key = by(id).contains(document.activeElement) ? document.activeElement.dataset.key : null;
  by(id).replaceChildren(...items.map(makeItem));
  if (key) ([...by(id).querySelectorAll("[data-key]")].find((one) => one.dataset.key === key) ?? by("web-phones")).focus();
  return true;
}

function button(key, rest, ...children) {
  const made = make("button", rest, ...children);
  made.dataset.key = key;
  return made;
}

function drawPhones(phones) {
  list("web-phones", phones.map(({ id, owner, number }) => ({ id, owner, number })), (phone) =>
    make("option", { value: phone.id, text: `${phone.owner} +${phone.number}` }),
  );
  by("web-phones").value = state.phone;
}

function drawCodes(waiting) {
  list("web-codes", waiting.map(({ device, name, pair_code }) => ({ device, name, pair_code })), (one) =>
    make(
      "li",
      {},
      make("span", { text: `${one.name || "A device"} waits${one.pair_code ? `: ${one.pair_code}` : ""}` }),
      button(one.device, { text: "Scan", onclick: () => tell("scan", { device: one.device }) }),
    ),
  );
}

function drawState(phone) {
  const devices = phone.devices.map((device) => `${device.name || "A device"}: ${device.connected ? device.state : "no connection"}`);
  by("web-state").textContent = devices.join(", ") || "No device is linked.";
  const offline = phone.devices.some((device) => !device.connected);
  by("web-line").ariaPressed = String(offline);
  by("web-passkey").ariaPressed = String(phone.behaviour.passkey);
}

function drawChats(phone) {
  list("web-chats", phone.chats.map(({ id, name, last, unread }) => ({ id, name, last, unread, current: id === state.chat })), (chat) =>
    make(
      "li",
      {},
      button(
        chat.id,
        { ariaCurrent: String(chat.current), onclick: () => choose(chat.id) },
        make("strong", { text: `${chat.name}${chat.unread ? ` (${chat.unread})` : ""}`, dir: "auto" }),
        make("small", { text: chat.last, dir: "auto" }),
      ),
    ),
  );
}

async function drawLines(phone) {
  const chat = phone.chats.find((one) => one.id === state.chat);
  by("web-lines").hidden = by("web-say").hidden = !chat;
  if (!chat) return;
  by("web-who").textContent = `In ${chat.name}`;
  const answer = await ask("GET", `/web/saw?phone=${state.phone}&chat=${encodeURIComponent(chat.id)}`);
  if (!answer) return;
  const different = list("web-lines", answer.lines, (line) =>
    make(
      "li",
      { dir: "auto" },
      make("strong", { text: `${line.mine ? phone.owner : line.by}: ` }),
      make("span", { text: line.kind === "revoked" ? "🚫 deleted" : line.text }),
      make("small", { text: ` ${line.reactions.join(" ")} ${line.mine ? (TICKS[line.ack] ?? "") : ""}` }),
    ),
  );
  if (different) by("web-lines").scrollTop = by("web-lines").scrollHeight;
}

async function draw() {
  const answer = await ask("GET", "/web/phones");
  if (!answer) return;
  const phone = chosen(answer);
  state.phone = phone.id;
  drawPhones(answer.phones);
  drawCodes(answer.waiting);
  drawState(phone);
  drawChats(phone);
  await drawLines(phone);
}

async function choose(chat) {
  state.chat = chat;
  await draw();
  by("web-say").elements.text.focus();
}

by("web-phones").addEventListener("change", async () => {
  state.phone = by("web-phones").value;
  state.chat = null;
  await draw();
});
by("web-type").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await tell("type", { code: event.target.elements.code.value })) event.target.reset();
});
by("web-say").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target.elements;
  const text = form.text.value;
  form.text.value = "";
  await tell("say", { chat: state.chat, text, mine: form.mine.checked });
});
by("web-unlink").addEventListener("click", () => tell("unlink"));
by("web-ban").addEventListener("click", () => tell("ban"));
by("web-line").addEventListener("click", () => tell(by("web-line").ariaPressed === "true" ? "online" : "offline"));
by("web-passkey").addEventListener("click", () => tell("passkey", { on: by("web-passkey").ariaPressed !== "true" }));
document.addEventListener("look-again", draw);

draw();
