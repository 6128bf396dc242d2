/** What was read from the server: the last that came, and how the read under way or done last stands. */
export type Loaded<T> = { readonly value: T | null; readonly state: 'loading' | 'ready' | 'failed' };

export const nothingRead = { value: null, state: 'ready' } as const;

/** Reads one thing: what is asked for last is what is shown, whatever answer comes last. */
export function createLoader<T>(show: (loaded: Loaded<T>) => void, isOver: (error: unknown) => boolean) {
  let latest = 0;
  async function run(read: () => Promise<T>, known: T | null, quiet: boolean) {
    const mine = ++latest;
    if (!quiet || known === null) show({ value: known, state: 'loading' });
    try {
      const value = await read();
      if (mine === latest) show({ value, state: 'ready' });
    } catch (error) {
      if (mine === latest && !isOver(error)) show({ value: known, state: 'failed' });
    }
  }
  return {
    /** `known` is shown meanwhile, and stays when the read fails. */
    load: (read: () => Promise<T>, known: T | null) => void run(read, known, false),
    /** The same, and does not say that it is at it: for what is read every few seconds. */
    look: (read: () => Promise<T>, known: T | null) => void run(read, known, true),
    /** Whatever is under way is not shown any more. */
    stop: (loaded: Loaded<T>) => {
      latest++;
      show(loaded);
    },
  };
}
