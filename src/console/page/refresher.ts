/** Reads something anew whenever it may have changed. */
export type Refresher = {
  refresh(): void;
  /** After some seconds, other ones in every page: two hundred pages must not ask at once. */
  refreshLater(): void;
  /** At some moment within so many milliseconds. */
  refreshWithin(ms: number): void;
};

/** Between two reads, however often it is asked for. */
const pause = 300;
/** A refresh that may come later comes within these bounds. */
const soonest = 2_000;
const latest = 8_000;

/** Runs `load` at once, then at most every 300 ms however often it is asked for. `chance`, from 0 to 1, spreads what may come later. */
export function createRefresher(
  load: () => Promise<void>,
  wait: (ms: number) => Promise<void>,
  chance: () => number = Math.random,
): Refresher {
  let running = false;
  let again = false;
  let later = false;
  let soon = false;

  async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await load();
      await wait(pause);
    } while (again);
    running = false;
  }

  return {
    refresh: () => void run(),
    refreshLater: () => {
      if (later) return;
      later = true;
      void wait(soonest + chance() * (latest - soonest)).then(() => {
        later = false;
        return run();
      });
    },
    refreshWithin: (ms) => {
      if (soon) return;
      soon = true;
      void wait(chance() * ms).then(() => {
        soon = false;
        return run();
      });
    },
  };
}
