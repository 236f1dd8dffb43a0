// Plays the customer: shows the threads of one business number and sends what the person at the keyboard wishes.

export const by = (id) => document.getElementById(id);
const state = { number: null, person: null, people: [], drawn: "" };

export async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`/_sandbox${path}`, options);
  const answer = await response.json();
  by("trouble").textContent = response.ok ? "" : answer.error;
  return response.ok ? answer : null;
}

export function make(tag, { text = "", kind = "", ...rest } = {}, ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (kind) element.className = kind;
  Object.assign(element, rest);
  element.append(...children.filter(Boolean));
  return element;
}

const TICKS = { accepted: "🕓", sent: "✓", delivered: "✓✓", read: "✓✓ read", played: "✓✓ played", failed: "✗ failed" };
const time = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

function words(line) {
  const content = line.content;
  const said = {
    text: () => content.body,
    location: () => `📍 ${content.name || `${content.latitude}, ${content.longitude}`}`,
    contacts: () => `👤 ${(content.cards || content)[0]?.name?.formatted_name ?? "Contact"}`,
    audio: () => "🎤 Voice note",
    sticker: () => "Sticker",
    document: () => `📄 ${content.filename || "Document"}`,
    template: () => `Template: ${content.name}`,
    unsupported: () => "A poll, which Troth cannot see",
    revoked: () => "🚫 You deleted this message",
    interactive: () => content.body?.text ?? content.button_reply?.title ?? content.list_reply?.title ?? "Form",
    button: () => content.text,
  }[line.kind];
  return said ? said() : content.caption || line.kind;
}

function taps(line) {
  if (!line.out || line.kind !== "interactive") return null;
  const action = line.content.action ?? {};
  const choices = [
    ...(action.buttons ?? []).map((button) => ({ type: "button_reply", button_reply: button.reply })),
    ...(action.sections ?? []).flatMap((part) => part.rows ?? []).map((row) => ({ type: "list_reply", list_reply: row })),
  ];
  if (!choices.length) return null;
  const context = { from: by("numbers").selectedOptions[0].dataset.digits, id: line.id };
  const buttons = choices.map((content) =>
    make("button", {
      text: (content.button_reply ?? content.list_reply).title,
      onclick: () => say({ kind: "interactive", content, extras: { context } }),
    }),
  );
  return make("span", { kind: "taps" }, ...buttons);
}

function react(line) {
  const hearts = ["👍", "❤️", "😂"].map((emoji) =>
    make("button", {
      text: emoji,
      title: "React",
      onclick: () => say({ kind: "reaction", content: { message_id: line.id, emoji } }),
    }),
  );
  return line.out ? make("span", { kind: "taps" }, ...hearts) : null;
}

function bubble(line, lines) {
  const quoted = line.reply_to && lines.find((other) => other.id === line.reply_to);
  const picture = line.kind === "image" && line.content.id;
  const reactions = Object.values(line.reactions).join(" ");
  return make(
    "li",
    { kind: line.out ? "other" : "mine", dir: "auto" },
    quoted && make("span", { kind: "quote", text: words(quoted) }),
    picture && make("img", { src: `/_sandbox/media?id=${encodeURIComponent(line.content.id)}`, alt: "Picture" }),
    make("span", { text: words(line) }),
    taps(line),
    make(
      "small",
      {},
      reactions && make("span", { kind: "reacted", text: reactions }),
      make("span", { text: time(line.at) }),
      line.out ? make("span", { text: TICKS[line.status] ?? line.status }) : line.status === "read" && make("span", { text: "seen" }),
    ),
    react(line),
  );
}

async function drawPeople() {
  const answer = await ask("GET", `/people?number=${state.number}`);
  if (!answer) return;
  state.people = answer.people;
  const wanted = by("search").value.toLowerCase();
  const shown = answer.people.filter((person) => `${person.name} ${person.wa_id ?? ""}`.toLowerCase().includes(wanted));
  by("people").replaceChildren(
    ...shown.map((person) =>
      make(
        "li",
        {},
        make(
          "button",
          { ariaCurrent: String(person.key === state.person), onclick: () => choose(person.key) },
          make("strong", { text: person.name || person.wa_id || "Somebody", dir: "auto" }),
          make("small", { text: person.last ?? (person.wa_id ? `+${person.wa_id}` : "known by user id only"), dir: "auto" }),
        ),
      ),
    ),
  );
}

async function drawThread() {
  const person = state.people.find((other) => other.key === state.person);
  const able = Boolean(person);
  for (const id of ["online", "reads", "read", "kind", "text"]) by(id).disabled = !able;
  by("write").querySelector("button").disabled = !able;
  if (!able) return;
  by("who-name").textContent = person.name || "Somebody";
  by("who-is").textContent = [person.wa_id && `+${person.wa_id}${person.shows_phone ? "" : " (hidden)"}`, person.username && `@${person.username}`, person.user_id].filter(Boolean).join(" · ");
  by("online").checked = person.online;
  by("reads").checked = person.reads;
  const answer = await ask("GET", `/thread?number=${state.number}&person=${encodeURIComponent(state.person)}`);
  if (!answer) return;
  by("typing").hidden = !answer.typing;
  const drawn = JSON.stringify(answer.lines) + state.person;
  if (drawn === state.drawn) return;
  state.drawn = drawn;
  by("lines").replaceChildren(...answer.lines.map((line) => bubble(line, answer.lines)));
  by("lines").scrollTop = by("lines").scrollHeight;
}

async function drawSides() {
  const meters = await ask("GET", "/meters");
  if (!meters) return;
  const facts = { Changes: meters.webhooks.changes ?? 0, Delivered: meters.webhooks.delivered ?? 0, Refused: meters.webhooks.refused ?? 0, "Under way": meters.webhooks.underway, "Nobody listening": meters.webhooks.unheard };
  by("hooks").replaceChildren(...Object.entries(facts).flatMap(([name, count]) => [make("dt", { text: name }), make("dd", { text: String(count) })]));
}

async function draw() {
  await drawPeople();
  await Promise.all([drawThread(), drawSides()]);
}

async function choose(key) {
  state.person = key;
  await draw();
  by("text").focus();
}

async function say(wish) {
  const made = await ask("POST", "/say", { to: state.number, known: state.person, playing: true, ...wish });
  if (made && !made.heard) by("trouble").textContent = "Said, but nobody listens: connect this number in Troth first.";
  await draw();
}

const EXAMPLES = {
  location: () => ({ content: { latitude: 3.1579, longitude: 101.7123, name: by("text").value || "Kuala Lumpur" } }),
  contacts: () => ({ content: [{ name: { formatted_name: by("text").value || "Ann Lee", first_name: by("text").value || "Ann" }, phones: [{ phone: "+44 7700 900111", type: "CELL" }], origin: "other" }] }),
  unsupported: () => ({ content: { type: "poll_creation" } }),
  audio: () => ({ voice: true }),
};

by("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const kind = by("kind").value;
  if (kind === "text" && !by("text").value.trim()) return;
  const text = by("text").value;
  const wish = { kind, text, ...(EXAMPLES[kind]?.() ?? {}) };
  by("text").value = "";
  by("kind").value = "text";
  await say(wish);
});

by("invent").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const made = await ask("POST", "/people", { name: form.get("name"), from: form.get("from") || null, username: form.get("username") || null, hidden: form.get("hidden") === "on" || null });
  if (!made) return;
  event.target.reset();
  by("inventing").open = false;
  await choose(made.key);
});

for (const id of ["online", "reads"]) {
  by(id).addEventListener("change", async () => {
    await ask("POST", "/presence", { known: state.person, [id]: by(id).checked });
    await draw();
  });
}
by("read").addEventListener("click", async () => {
  await ask("POST", "/read", { known: state.person });
  await draw();
});
by("search").addEventListener("input", drawPeople);
by("numbers").addEventListener("change", async () => {
  state.number = by("numbers").value;
  state.person = null;
  state.drawn = "";
  by("lines").replaceChildren();
  await draw();
});
by("start").addEventListener("click", () => ask("POST", "/start", { to: state.number }));
by("faults").addEventListener("change", async () => {
  const form = by("faults").elements;
  const share = (name) => Number(form[name].value) / 100;
  const slow = Number(form.latency.value);
  await ask("POST", "/faults", {
    outage: form.outage.checked,
    latency_ms: [slow, slow],
    rates: { 130429: share("130429"), page: share("page") },
    failed_rates: { 131026: share("131026") },
  });
});

async function begin() {
  const known = await ask("GET", "/state");
  if (!known) return;
  by("numbers").replaceChildren(
    ...known.accounts.flatMap((account) =>
      account.numbers.map((number) => {
        const option = make("option", { value: number.phone_number_id, text: `${number.verified_name} ${number.display_phone_number}${number.callback ? "" : " (not connected)"}` });
        option.dataset.digits = number.display_phone_number.replace(/\D/g, "");
        return option;
      }),
    ),
  );
  const connected = known.accounts.flatMap((account) => account.numbers).find((number) => number.callback);
  if (connected) by("numbers").value = connected.phone_number_id;
  state.number = by("numbers").value;
  const faults = await ask("GET", "/faults");
  by("digits").replaceChildren(...Object.entries(faults.by_recipient).flatMap(([digits, fault]) => [make("dt", { text: digits }), make("dd", { text: `${fault.kind} ${fault.code || ""}` })]));
  await draw();
  const events = new EventSource("/_sandbox/events");
  events.addEventListener("message", () => {
    draw();
    document.dispatchEvent(new Event("look-again"));
  });
}

begin();
