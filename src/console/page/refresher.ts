/** Reads something anew whenever it may have changed. */
export type Refresher = {
  refresh(): void;
  /** May wait for seconds. */
  refreshLater(): void;
};

/** Runs `load` at once, then at most every 300 ms however often it is asked for. */
export function createRefresher(load: () => Promise<void>, wait: (ms: number) => Promise<void>): Refresher {
  let running = false;
  let again = false;
  let later = false;

  async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await load();
      await wait(300);
    } while (again);
    running = false;
  }

  return {
    refresh: () => void run(),
    refreshLater: () => {
      if (later) return;
      later = true;
      void wait(5000).then(() => {
        later = false;
        return run();
      });
    },
  };
}
