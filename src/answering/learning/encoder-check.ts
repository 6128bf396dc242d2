import type { Article } from '../../articles/article.ts';
import type { Confirmed } from './confirmed.ts';
import { encoderOf, examplesOf, trainEncoder } from './encoder.ts';
import { Ranker } from '../rank.ts';
import type { Weights } from '../rank.ts';
import { SearchIndex } from '../search-index.ts';
import type { Segmenter } from '../segment.ts';
import type { SynonymGroups } from '../synonyms.ts';
import { Vectors } from './vectors.ts';

/** What ranking made of wordings it had not seen, without and with an encoder that had not seen them either. */
export type EncoderCheck = {
  /** How many wordings were held out and asked. */
  readonly asked: number;
  /** Share of them with the right article first. */
  readonly without: number;
  readonly with: number;
  /** Whether the base is better off with an encoder. False where too little can be held out to tell. */
  readonly pays: boolean;
};

/** A base as it stands. */
export type TaughtBase = {
  readonly articles: readonly Article[];
  readonly synonyms?: SynonymGroups;
  /** Customers' confirmed wordings by article id. */
  readonly confirmed?: Confirmed;
};

/**
 * Holds out one wording of every second article that has several, trains an encoder on the rest, and asks. Takes as long
 * as the training itself, and an index of the base. An encoder pays where it puts one in a hundred more
 * of them first: what proves no use is left out, as it makes the bot a little surer of questions out of scope.
 */
export function checkEncoder(base: TaughtBase, weights: Weights, segmenter: Segmenter): EncoderCheck {
  const { left, asked } = heldOut(base);
  const trained =
    asked.length >= fewest ? trainEncoder(examplesOf(left.articles, left.synonyms, left.confirmed)) : null;
  if (!trained) return { asked: asked.length, without: 0, with: 0, pays: false };
  const index = new SearchIndex(segmenter, left.synonyms);
  for (const [articleId, wordings] of left.confirmed ?? []) index.confirm(articleId, wordings);
  for (const article of left.articles) index.upsert(article);
  const without = shareFirst(index, new Ranker(index, weights), asked);
  const learned = shareFirst(index, new Ranker(index, weights, new Vectors(encoderOf(trained))), asked);
  return { asked: asked.length, without, with: learned, pays: learned - without >= leastGain };
}

const leastGain = 0.01;
/** With fewer, chance decides. */
const fewest = 20;
/** More tell no more, and only take time. */
const most = 400;

type HeldOut = { readonly wording: string; readonly articleId: string };

function heldOut({ articles, synonyms, confirmed = new Map() }: TaughtBase): { left: TaughtBase; asked: HeldOut[] } {
  const asked: HeldOut[] = [];
  const kept = new Map(confirmed);
  let several = 0;
  const step = Math.max(2, Math.ceil(articles.length / most));
  const left = articles.map((one) => {
    const own = one.questions;
    const theirs = confirmed.get(one.id) ?? [];
    if (own.length + theirs.length === 0 || several++ % step !== 0) return one;
    const wording = [...own, ...theirs.map(({ text }) => text)][several % (own.length + theirs.length)] ?? '';
    asked.push({ wording, articleId: one.id });
    kept.set(
      one.id,
      theirs.filter(({ text }) => text !== wording),
    );
    // Bodies repeat alternate questions as headings, where nothing is left to find out.
    return { ...one, questions: own.filter((other) => other !== wording), text: one.text.replaceAll(wording, '') };
  });
  return { left: { articles: left, synonyms, confirmed: kept }, asked };
}

function shareFirst(index: SearchIndex, ranker: Ranker, asked: readonly HeldOut[]): number {
  const first = asked.filter(({ wording, articleId }) => {
    return ranker.rank(index.parse(wording))[0]?.entry.article.id === articleId;
  });
  return first.length / asked.length;
}
