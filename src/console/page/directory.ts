import type { AgentSelf } from '../api.ts';
import type { ColleagueView, DirectoryAnswer } from '../desk-api.ts';
import type { Client } from './client.ts';
import { createRefresher } from './refresher.ts';
import type { Store } from './store.ts';

/** What the page keeps at hand: colleagues, groups, tags, resolutions, canned replies. */
export type DirectoryState = { readonly directory: DirectoryAnswer | null };

export type DirectoryNeeds = {
  readonly client: Pick<Client, 'directory'>;
  readonly store: Store<DirectoryState>;
  readonly me: () => AgentSelf | null;
  readonly isOver: (error: unknown) => boolean;
  readonly wait: (ms: number) => Promise<void>;
  /** What it says of the one who reads. */
  readonly self: (agent: Pick<ColleagueView, 'id' | 'capacity' | 'groups'>) => void;
};

/** Reads the directory when told that it changed; the one before stays until then, and when it can't be read. */
export function createDirectory({ client, store, me, isOver, wait, self }: DirectoryNeeds) {
  async function load() {
    const agent = me();
    if (!agent) return;
    try {
      const directory = await client.directory();
      if (me()?.id !== agent.id) return;
      store.set({ directory });
      const mine = directory.colleagues.find(({ id }) => id === agent.id);
      if (mine) self(mine);
    } catch (error) {
      isOver(error);
    }
  }

  return createRefresher(load, wait);
}

/** The colleague of that id. */
export function colleagueOf(directory: DirectoryAnswer | null, id: string | null | undefined): ColleagueView | null {
  return directory?.colleagues.find((each) => each.id === id) ?? null;
}
