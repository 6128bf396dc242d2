import type { Alerts } from './alerts.ts';
import type { KeyValue } from './drafts.ts';
import { newsKey, type News } from './news.ts';

/** What is said of a piece of news. */
export type Said = { readonly title: string; readonly body: string };

export type AnnouncingNeeds = {
  readonly alerts: Pick<Alerts, 'chime' | 'notify'>;
  readonly told: Told;
  readonly sound: () => boolean;
  readonly say: (news: News) => Said;
  readonly open: (news: News) => void;
};

/** Lets one of several tabs tell a thing: true for who may. */
export type Told = (key: string) => Promise<boolean>;

/** Tells an agent who looks elsewhere, once for all their tabs: one sound for whatever came together, three notifications at most. */
export function createAnnouncing({ alerts, told, sound, say, open }: AnnouncingNeeds) {
  return async (news: readonly News[]): Promise<void> => {
    const mine: News[] = [];
    for (const each of news) if (await told(newsKey(each))) mine.push(each);
    if (mine.length > 0 && sound()) alerts.chime();
    for (const each of mine.slice(0, 3)) {
      alerts.notify({ ...say(each), tag: newsKey(each), onOpen: () => open(each) });
    }
  };
}

/** The part of the Web Locks API we use; a page without a secure context has none. */
export type Locks = { request(name: string, run: () => Promise<boolean>): Promise<boolean> };

export type ToldNeeds = { readonly storage: KeyValue; readonly locks: Locks | null; readonly now: () => number };

/** Tabs share what was told over the device's storage. A lock keeps two of them from looking at once. */
export function createTold({ storage, locks, now }: ToldNeeds): Told {
  const claim = (key: string): Promise<boolean> => {
    const known = read(storage).filter(([, at]) => now() - at < keptFor);
    if (known.some(([one]) => one === key)) return Promise.resolve(false);
    try {
      storage.setItem(name, JSON.stringify([...known.slice(-mostKept), [key, now()]]));
    } catch {
      // Told twice is better than not at all.
    }
    return Promise.resolve(true);
  };
  return (key) => (locks ? locks.request(name, () => claim(key)) : claim(key));
}

const name = 'zhike.console.told';
/** Tabs hear of a thing within seconds of each other; the same colleague may mention me again soon. */
const keptFor = 10_000;
const mostKept = 50;

function read(storage: KeyValue): readonly (readonly [string, number])[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(name) ?? '[]');
    return Array.isArray(value) ? value.filter(isTold) : [];
  } catch {
    return [];
  }
}

function isTold(value: unknown): value is readonly [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}
