// One connection state, said quietly: live, reconnecting, offline. "Offline" is said only after five seconds.

const OFFLINE_AFTER_MS = 5000;
const element = document.getElementById("connection");
const notice = document.getElementById("offline");
let timer = 0;

function show(state) {
  if (!element || element.dataset.state === state) return;
  const label = element.dataset[state];
  element.dataset.state = state;
  element.title = label;
  element.querySelector("[data-words]").textContent = label;
  if (notice) notice.dataset.state = state;
}

export function connected(isLive) {
  if (isLive) {
    clearTimeout(timer);
    show("live");
  } else if (["live", "off"].includes(element?.dataset.state)) {
    show("reconnecting");
    timer = setTimeout(() => show("offline"), OFFLINE_AFTER_MS);
  }
}
