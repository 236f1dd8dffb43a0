// At most one run at a time; what is asked for meanwhile becomes one more run: right after, or after a rest.

export function coalesce(run, { restMs = 0 } = {}) {
  let running = false;
  let again = false;
  return async function request() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await run();
        if (again && restMs) await new Promise((done) => setTimeout(done, restMs));
      } while (again);
    } finally {
      running = false;
    }
  };
}
