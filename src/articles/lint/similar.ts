import { type Asked, type Check, type Finding, questionsOf, type Source } from './finding.ts';
import { likeness, meetings, overlap, type Shingles, shinglesOf } from './likeness.ts';
import { type Statement, statementOf, statementsOf } from './statements.ts';

/** Articles that answer the same twice, or the same question differently. Drafts and other audiences may repeat. */
export const similarArticles: Check = ({ sources }) => {
  const pairs = similarPairs(sources.filter(({ article }) => article.status === 'published'));
  const said = new Map<Source, readonly Said[]>();
  for (const { one, other, asked } of pairs)
    if (asked) for (const source of [one, other]) if (!said.has(source)) said.set(source, saidIn(source));
  return [...nearDuplicates(pairs), ...pairs.flatMap((pair) => contradiction(pair, said))];
};

/** Two published articles for the same audience; `one` comes first by path. */
type Pair = {
  readonly one: Source;
  readonly other: Source;
  /** Of the bodies, 0..1. */
  readonly body: number;
  /** Their nearest wordings; null if none are near. */
  readonly asked: readonly [Asked, Asked] | null;
};

/** One finding for an article, with the earlier one it is most like: ten copies are nine findings, not forty-five. */
function nearDuplicates(pairs: readonly Pair[]): readonly Finding[] {
  const nearest = new Map<Source, Pair>();
  for (const pair of pairs) {
    if (pair.body < (pair.asked ? sameAnswer : sameBody)) continue;
    const before = nearest.get(pair.other);
    if (!before || before.body < pair.body) nearest.set(pair.other, pair);
  }
  return [...nearest.values()].map(({ one, other, body, asked }) => ({
    file: other.article.file,
    line: asked?.[1].line ?? other.at.title,
    severity: 'warning',
    rule: 'near-duplicate',
    message: `${Math.floor(body * 100)} % of "${other.article.title}" is what "${one.article.title}" (${one.article.file}) says: make one article of the two, or let each say what only it knows`,
  }));
}

/** The first sentence in which two articles on the same question differ by an amount or a denial alone. */
function contradiction({ one, other, asked }: Pair, said: ReadonlyMap<Source, readonly Said[]>): readonly Finding[] {
  if (!asked) return [];
  const [before = [], now = []] = [said.get(one), said.get(other)];
  for (const statement of now) {
    const [opposite, ...others] = before.filter((each) => isAlike(each, statement));
    // Where an article says several things of the same, it tells cases apart.
    if (!opposite || others.length > 0 || now.filter((each) => isAlike(each, statement)).length > 1) continue;
    if (!contradict(opposite, statement)) continue;
    return [
      {
        file: other.article.file,
        line: statement.line,
        severity: 'warning',
        rule: 'contradiction',
        message: `"${shown(statement.text)}" here, but "${shown(opposite.text)}" in ${one.article.file}, on nearly the same question ("${shown(asked[1].text)}", "${shown(asked[0].text)}")`,
      },
    ];
  }
  return [];
}

type Said = Statement & { readonly pieces: Shingles };

function saidIn(source: Source): readonly Said[] {
  return statementsOf(source).map((statement) => ({ ...statement, pieces: shinglesOf(statement.about, 2) }));
}

function isAlike(one: Said, other: Said): boolean {
  return one.about === other.about || likeness(one.pieces, other.pieces, sameSentence) >= sameSentence;
}

/** An amount that only one of them gives is a detail. */
function contradict(one: Statement, other: Statement): boolean {
  const differ = one.amounts.join(' ') !== other.amounts.join(' ');
  return one.denied === other.denied ? differ && one.amounts.length === other.amounts.length : !differ;
}

/** Bodies this much alike are one article, whatever their titles. */
const sameBody = 0.8;
/** With nearly the same question, this much is enough. */
const sameAnswer = 0.6;
/** Of two sentences without their figures and denials. */
const sameSentence = 0.85;
/** Of two wordings: "nearly the same question". */
const sameQuestion = 0.75;
/** In pieces; what is shorter is a stub ("see the home page") that many articles share. */
const shortestBody = 30;
/** In characters; what follows decides nothing. */
const longestBody = 8_000;

function similarPairs(sources: readonly Source[]): readonly Pair[] {
  const bodies = sources.map(({ article }) => shinglesOf(article.text.slice(0, longestBody), 4));
  const asked = nearQuestions(sources);
  const pairs = new Map<string, Pick<NearQuestion, 'places'> & { readonly wordings: Pair['asked'] }>(
    asked.map((near) => [near.places.join(), near]),
  );
  for (const places of nearBodies(bodies)) {
    if (!pairs.has(places.join())) pairs.set(places.join(), { places, wordings: null });
  }
  return [...pairs.values()].flatMap(({ places: [i, j], wordings }): Pair[] => {
    const [one, other, first, second] = [sources[i], sources[j], bodies[i], bodies[j]];
    if (!one || !other || !first || !second || one.article.audience !== other.article.audience) return [];
    const short = Math.min(first.length, second.length) < shortestBody;
    return [{ one, other, body: short ? 0 : overlap(first, second), asked: wordings }];
  });
}

/**
 * Pairs that may be alike. The smallest hashes of a body are a fair sample of its pieces: two bodies that share four
 * fifths of them share more than four of the smallest 24 but once in millions.
 */
function nearBodies(bodies: readonly Shingles[]): readonly (readonly [number, number])[] {
  return meetings(
    bodies.map((body) => body.subarray(0, 24)),
    { least: 5, most: 100 },
  );
}

const nothing = new Uint32Array();

type NearQuestion = {
  readonly places: readonly [number, number];
  readonly wordings: readonly [Asked, Asked];
};

/** The nearest wordings of each two articles, if they are near enough and neither denies or counts what the other does not. */
function nearQuestions(sources: readonly Source[]): readonly NearQuestion[] {
  const wordings = sources.flatMap((source, place) => questionsOf(source).map((asked) => ({ asked, place })));
  const shingles = wordings.map(({ asked }) => shinglesOf(asked.text, 2));
  const nearest = new Map<string, NearQuestion & { readonly near: number }>();
  for (const [i, j] of meetings(rarest(shingles), { least: 1, most: 100 })) {
    const [first, second] = [wordings[i], wordings[j]];
    if (!first || !second || first.place === second.place) continue;
    const near = likeness(shingles[i] ?? nothing, shingles[j] ?? nothing, sameQuestion);
    const places = [first.place, second.place] as const;
    if (near < sameQuestion || near <= (nearest.get(places.join())?.near ?? 0)) continue;
    if (!asksTheSame(first.asked, second.asked)) continue;
    nearest.set(places.join(), { near, places, wordings: [first.asked, second.asked] });
  }
  return [...nearest.values()];
}

/** Near wordings that count, deny or name (in letters and digits, as products are) different things ask different questions. */
function asksTheSame(one: Asked, other: Asked): boolean {
  const names = ({ text }: Asked): string => (text.toLowerCase().match(/[a-z\d][a-z\d.]*/g) ?? []).sort().join(' ');
  const [first, second] = [statementOf(one.text, one.line), statementOf(other.text, other.line)];
  return (
    first.denied === second.denied &&
    first.amounts.join(' ') === second.amounts.join(' ') &&
    names(one) === names(other)
  );
}

/** Two wordings that are near share one of the rarer half of each other's pieces. */
function rarest(shingles: readonly Shingles[]): readonly Shingles[] {
  const counts = new Map<number, number>();
  for (const own of shingles) for (const piece of own) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  const byCount = (one: number, other: number): number => (counts.get(one) ?? 0) - (counts.get(other) ?? 0);
  return shingles.map((own) =>
    own
      .slice()
      .sort(byCount)
      .subarray(0, Math.ceil(own.length / 2)),
  );
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
