import { randomUUID } from 'node:crypto';
import { normalise } from '../answering/normalise.ts';
import { folded, soundsOf } from '../answering/reading/pinyin.ts';
import { InputError, type Issue } from '../errors.ts';

/**
 * What agents say again and again, found by `/` and a few letters. The page finds them by itself, at once and without a
 * connection: src/web/canned-replies.ts ranks and fills them, and `sound` is what it needs to know of pinyin.
 */
export type CannedReply = {
  readonly id: string;
  /** What is typed after `/`: lower case, without white space or `/`; one in a group, one among those for everybody. */
  readonly shortcut: string;
  readonly title: string;
  /** Plain text. `{{customer}}` and `{{agent}}` stand for their names: the page fills them where it is inserted. */
  readonly text: string;
  /** The skill group it is for; null for everybody. */
  readonly groupId: string | null;
  /** How title and shortcut sound: see `soundOf`. */
  readonly sound: string;
  /** How often it was sent. */
  readonly uses: number;
  readonly updatedAt: number;
  /** Who wrote it last. */
  readonly agentId: string;
};

/** What a supervisor writes. */
export type CannedReplyText = Pick<CannedReply, 'shortcut' | 'title' | 'text' | 'groupId'>;

/** What canned replies need remembered. */
export type CannedReplyStore = {
  find(id: string): Promise<CannedReply | null>;
  /** `exists`: its group has that shortcut already. */
  insert(reply: CannedReply): Promise<'saved' | 'exists'>;
  /** Everything but `uses`. */
  update(reply: CannedReply): Promise<'saved' | 'exists' | 'unknown'>;
  remove(id: string): Promise<'removed' | 'unknown'>;
  /** The most used first. */
  list(limit: number): Promise<readonly CannedReply[]>;
  /** Counts one use. */
  used(id: string): Promise<void>;
};

export type CannedReplySaved =
  | { readonly kind: 'saved'; readonly reply: CannedReply }
  /** The group has another reply with this shortcut. */
  | { readonly kind: 'exists' }
  | { readonly kind: 'unknown' };

export type CannedReplies = {
  /** Refuses what does not fit with an InputError. */
  add(text: CannedReplyText, agentId: string): Promise<Exclude<CannedReplySaved, { kind: 'unknown' }>>;
  edit(id: string, text: CannedReplyText, agentId: string): Promise<CannedReplySaved>;
  remove(id: string): Promise<'removed' | 'unknown'>;
  /** Those for everybody and those of the groups, the most used first; null: all there are. */
  list(groups: readonly string[] | null): Promise<readonly CannedReply[]>;
  /** It was sent once more. */
  used(id: string): Promise<void>;
};

export const mostCannedReplies = 2_000;
export const longestShortcut = 30;
export const longestTitle = 60;
export const longestReply = 2_000;

/** The canned replies of the desk. */
export function createCannedReplies(needs: {
  readonly store: CannedReplyStore;
  readonly now: () => number;
}): CannedReplies {
  const { store, now } = needs;
  return {
    add: async (text, agentId) => {
      const written = { ...checked(text), updatedAt: now(), agentId };
      const reply: CannedReply = { id: randomUUID(), ...written, uses: 0 };
      if ((await store.list(mostCannedReplies)).length === mostCannedReplies) throw full();
      return (await store.insert(reply)) === 'saved' ? { kind: 'saved', reply } : { kind: 'exists' };
    },
    edit: async (id, text, agentId) => {
      const written = { ...checked(text), updatedAt: now(), agentId };
      const before = await store.find(id);
      if (!before) return { kind: 'unknown' };
      const reply: CannedReply = { ...before, ...written };
      const kind = await store.update(reply);
      return kind === 'saved' ? { kind, reply } : { kind };
    },
    remove: (id) => store.remove(id),
    list: async (groups) => {
      const replies = await store.list(mostCannedReplies);
      return replies.filter(({ groupId }) => groups === null || groupId === null || groups.includes(groupId));
    },
    used: (id) => store.used(id),
  };
}

/**
 * How a text sounds, for finding it by its pinyin: the syllables, set apart by spaces; of each, all ways to spell it, set
 * apart by `|`: `tui huo zheng|zhen|zeng|zen ce|che`. A spelling may be another reading of the character, or what somebody
 * types who does not tell zh from z or ng from n. Letters and digits stand for themselves, other characters are left out.
 */
export function soundOf(text: string): string {
  return [...normalise(text)]
    .flatMap((character) => {
      if (/[a-z0-9]/.test(character)) return [character];
      if (!/\p{Script=Han}/u.test(character)) return [];
      return [[...new Set(soundsOf(character).flatMap(spellingsOf))].join('|')];
    })
    .join(' ');
}

/** A syllable and all that are taken for it. */
function spellingsOf(syllable: string): readonly string[] {
  const same = neighbours(syllable).filter((other) => folded(other) === folded(syllable));
  return [syllable, ...same];
}

/** The syllable with another beginning, another end, or both. */
function neighbours(syllable: string): readonly string[] {
  const [, initial = '', rest = ''] = /^([zcs]h?|[nl])?(.*)$/.exec(syllable) ?? [];
  const initials = initial === '' ? [''] : [initial, otherInitial[initial] ?? initial];
  const rests = /ng$/.test(rest) ? [rest, rest.slice(0, -1)] : /n$/.test(rest) ? [rest, `${rest}g`] : [rest];
  return initials.flatMap((start) => rests.map((end) => start + end));
}

const otherInitial: Readonly<Record<string, string>> = {
  z: 'zh',
  c: 'ch',
  s: 'sh',
  zh: 'z',
  ch: 'c',
  sh: 's',
  n: 'l',
  l: 'n',
};

function checked(given: CannedReplyText): CannedReplyText & Pick<CannedReply, 'sound'> {
  const shortcut = given.shortcut.trim().replace(/^\//, '').toLowerCase();
  const title = given.title.trim();
  const text = given.text.trim();
  const { groupId } = given;
  const issues: Issue[] = [];
  if (shortcut.length === 0 || shortcut.length > longestShortcut || /[\s/\p{Cc}]/u.test(shortcut)) {
    issues.push({
      path: 'shortcut',
      message: `must be 1 to ${longestShortcut} characters without white space and slashes`,
    });
  }
  if (title.length === 0 || title.length > longestTitle) {
    issues.push({ path: 'title', message: `must be 1 to ${longestTitle} characters` });
  }
  if (text.length === 0 || text.length > longestReply) {
    issues.push({ path: 'text', message: `must be 1 to ${longestReply} characters` });
  }
  if (groupId !== null && !/^[a-z0-9][a-z0-9-]{0,39}$/.test(groupId)) {
    issues.push({ path: 'groupId', message: 'must be the id of a group, or null' });
  }
  if (issues.length > 0) {
    throw new InputError(issues.map(({ path, message }) => `${path} ${message}`).join('; '), issues);
  }
  return { shortcut, title, text, groupId, sound: `${soundOf(title)}\n${soundOf(shortcut)}` };
}

function full(): InputError {
  const message = `there are ${mostCannedReplies} already; remove some first`;
  return new InputError(message, [{ path: '', message }]);
}
