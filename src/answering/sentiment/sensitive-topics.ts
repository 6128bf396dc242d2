import { normalise } from '../normalise.ts';

/** What nobody should be answered by a program: each phrase with the topic it stands for. */
export type SensitivePhrase = { readonly phrase: string; readonly topic: string };

/** A line of the file that can't be used, and why. The other lines count. */
export type LineFault = { readonly line: number; readonly reason: string };

/** What `sensitive-topics.txt` says, and what of it can't be used. */
export type SensitiveTopics = { readonly phrases: readonly SensitivePhrase[]; readonly faults: readonly LineFault[] };

/**
 * Reads `sensitive-topics.txt`: a phrase a line, or "topic: phrase、phrase"; `#` starts a comment. In a phrase, `…` stands
 * for up to eight characters. Never throws: a bad line is named, and the others hold.
 */
export function parseSensitiveTopics(text: string): SensitiveTopics {
  const phrases = new Map<string, SensitivePhrase>();
  const faults: LineFault[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .entries()) {
    const refuse = (reason: string): void => void faults.push({ line: index + 1, reason });
    const { topic, written, fault } = readLine(raw.replace(/#.*$/u, '').trim());
    if (fault !== null) refuse(fault);
    for (const phrase of written) {
      const reason = phrases.size >= mostPhrases ? `more than ${mostPhrases} phrases` : faultIn(phrase);
      if (reason === null) phrases.set(phrase, { phrase, topic: topic ?? phrase });
      else refuse(reason);
    }
  }
  return { phrases: [...phrases.values()], faults };
}

/**
 * The topic of the first of these phrases found in a text, in the order of the file; null when there is none. Script, width, case,
 * spaces and punctuation make no difference, and a number or foreign word is found whole only.
 */
export function createSensitiveTopicIn(phrases: readonly SensitivePhrase[]): (text: string) => string | null {
  if (phrases.length === 0) return () => null;
  const patterns = phrases.map(({ phrase, topic }) => ({ topic, source: sourceOf(phrase) }));
  // One look for all of them first: hardly any message has one.
  const any = new RegExp(patterns.map(({ source }) => source).join('|'), 'u');
  const each = patterns.map(({ topic, source }) => ({ topic, pattern: new RegExp(source, 'u') }));
  return (text) => {
    const said = bare(text);
    if (!any.test(said)) return null;
    return each.find(({ pattern }) => pattern.test(said))?.topic ?? null;
  };
}

const mostPhrases = 1_000;
const longestPhrase = 40;
/** Characters that a `…` stands for, at most. */
const longestGap = 8;
const gap = /…+|\.{3,}/u;

type Line = { readonly topic: string | null; readonly written: readonly string[]; readonly fault: string | null };

function readLine(line: string): Line {
  if (line === '') return { topic: null, written: [], fault: null };
  if (/\uFFFD/u.test(line)) return { topic: null, written: [], fault: 'is not UTF-8: save the file as UTF-8' };
  const colon = /[:：]/u.exec(line);
  const topic = colon ? line.slice(0, colon.index).trim() : null;
  const written = line
    .slice(colon ? colon.index + 1 : 0)
    .split(/[、，,;；]/u)
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');
  if (topic === '') return { topic, written: [], fault: 'has no topic before the colon: write "topic: phrase"' };
  if (topic !== null && topic.length > longestPhrase) {
    return { topic, written: [], fault: `has a topic longer than ${longestPhrase} characters` };
  }
  return { topic, written, fault: written.length === 0 ? 'has no phrase: write "topic: phrase"' : null };
}

function faultIn(phrase: string): string | null {
  if (phrase.length > longestPhrase) return `"${phrase.slice(0, 10)}…" is longer than ${longestPhrase} characters`;
  const parts = phrase.split(gap).map(bare);
  if (parts.some((part) => part === '')) return `"${phrase}" needs words on both sides of "…"`;
  // A single character is in too many words that mean something else.
  if (parts.join('').length < 2) return `"${phrase}" is a single character, which would be found everywhere`;
  return null;
}

function sourceOf(phrase: string): string {
  return phrase
    .split(gap)
    .map((part) => whole(bare(part)))
    .join(`.{0,${longestGap}}?`);
}

/** Letters and digits of other scripts than Chinese must not go on beyond it. */
function whole(part: string): string {
  const start = foreign.test(part.charAt(0)) ? '(?<![a-z0-9])' : '';
  const end = foreign.test(part.charAt(part.length - 1)) ? '(?![a-z0-9])' : '';
  return `${start}${part}${end}`;
}

const foreign = /[a-z0-9]/u;

/** Letters and digits in one script and case; what stands between them is left out, but between foreign words a space. */
function bare(text: string): string {
  return normalise(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/(?<![a-z0-9]) | (?![a-z0-9])/gu, '')
    .trim();
}
