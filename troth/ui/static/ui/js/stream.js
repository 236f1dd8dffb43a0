// The stream of pokes ("look again"). One tab holds it for all tabs of this browser and passes on what it hears.

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 20000;
const HIDDEN_MS = 60000;

// This will call onPoke({t, id}) for each poke, onState(live) when the connection changes, and onLost() when
// something may have been missed: after a reconnection, after the page was hidden for a minute, and where another tab held
// the stream while this page was made. `pageAt` is when it was made: what came since is told with the first connection.
export function listen(url, { pageAt, onPoke, onState, onLost }) {
  const channel = new BroadcastChannel(`troth:stream:${url}`);
  let live = null;

  function hear(message) {
    if (message.poke) onPoke(message.poke);
    if (message.live !== undefined) {
      const lost = message.live && (live === false || (live === null && !leads));
      live = message.live;
      onState(live);
      if (lost) onLost();
    }
  }

  function tell(message) {
    hear(message);
    channel.postMessage(message);
  }

  channel.addEventListener("message", ({ data }) => {
    if (data.hello) {
      if (leads && live !== null) channel.postMessage({ live });
    } else hear(data);
  });

  let leads = false;
  channel.postMessage({ hello: true });
  whenLeader(`troth:stream:${url}`, () => {
    leads = true;
    open(url, tell, live === null ? pageAt : null);
  });

  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt && Date.now() - hiddenAt > HIDDEN_MS) onLost();
  });
}

// The lock is held for as long as the tab lives; the next tab in line takes over when it goes.
function whenLeader(name, lead) {
  if (!navigator.locks) return lead();
  navigator.locks.request(name, () => {
    lead();
    return new Promise(() => {});
  });
}

function open(url, tell, pageAt) {
  let retry = FIRST_RETRY_MS;
  let source = null;
  let timer = 0;

  function connect() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(pageAt ? `${url}&t=${pageAt}` : url);
    source.addEventListener("open", () => {
      retry = FIRST_RETRY_MS;
      pageAt = null;
      tell({ live: true });
    });
    source.addEventListener("error", again);
    source.addEventListener("message", pokes);
    source.addEventListener("poke", pokes);
  }

  function pokes({ data }) {
    for (const line of data.split("\n")) {
      if (line.startsWith("{")) tell({ poke: JSON.parse(line) });
    }
  }

  function again() {
    source.close();
    tell({ live: false });
    clearTimeout(timer);
    timer = setTimeout(connect, retry * (0.75 + Math.random() / 2));
    retry = Math.min(retry * 2, LAST_RETRY_MS);
  }

  addEventListener("online", () => {
    retry = FIRST_RETRY_MS;
    connect();
  });
  addEventListener("offline", again);
  connect();
}
