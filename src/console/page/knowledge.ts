import type { ExplanationView, GapsAnswer, KnowledgeAnswer, ProposalView } from '../knowledge-api.ts';
import { ApiError, type Client, type WordingDecision } from './client.ts';
import { createLoader, nothingRead, type Loaded } from './loader.ts';
import { startOf, type GapDays, type KnowledgePlace, type KnowledgeView } from './places.ts';
import { createStore, type Store } from './store.ts';

/** Everything the knowledge section shows. */
export type KnowledgeState = {
  /** Null while the conversations are shown. */
  readonly place: KnowledgePlace | null;
  readonly explained: Loaded<Explained>;
  /** What was asked since the page was loaded, newest first, each question once. */
  readonly asked: readonly Asked[];
  readonly gaps: Loaded<Gaps>;
  readonly proposals: Loaded<readonly ProposalView[]>;
  /** The proposal whose wording is being changed, and how it reads by now. */
  readonly editing: { readonly key: string; readonly text: string } | null;
  readonly quality: Loaded<KnowledgeAnswer>;
};

/** With the words as they were asked, and the article they were asked after. */
export type Explained = ExplanationView & { readonly after: string | null };
export type Asked = Pick<Explained, 'question' | 'outcome' | 'confidence' | 'after'>;

/** With the period they are of. */
export type Gaps = GapsAnswer & { readonly days: GapDays };

/** What happened to a proposal, to tell the editor once. */
export type DecisionNotice =
  | { readonly kind: 'accepted' | 'refused'; readonly title: string }
  /** The article's file can't take it; `reason` is the server's, in English. */
  | { readonly kind: 'notWritable'; readonly title: string; readonly reason: string }
  | { readonly kind: 'notDecided' | 'articleGone' | 'forbidden' };

export type KnowledgeNeeds = {
  readonly client: Pick<Client, 'knowledge' | 'explain' | 'gaps' | 'proposals' | 'decide'>;
  readonly isSignedIn: () => boolean;
  /** Takes an error that ends the session; true when there is nothing more to say about it. */
  readonly isOver: (error: unknown) => boolean;
  readonly tell: (notice: DecisionNotice) => void;
};

export type Knowledge = ReturnType<typeof createKnowledge>;

/** The knowledge section without its looks: where it is, what it has read, and what an editor decides. */
export function createKnowledge({ client, isSignedIn, isOver, tell }: KnowledgeNeeds) {
  const store: Store<KnowledgeState> = createStore(empty);
  /** The proposals as they were read, and those that were decided here: the server may not know yet. */
  let listed: readonly ProposalView[] | null = null;
  const decided = new Set<string>();
  const explain = createLoader<Explained>((explained) => store.set({ explained }), isOver);
  const loadGaps = createLoader<Gaps>((gaps) => store.set({ gaps }), isOver);
  const loadProposals = createLoader<readonly ProposalView[]>(({ value, state }) => {
    listed = value;
    store.set({ proposals: { value: undecided(), state } });
  }, isOver);
  const loadQuality = createLoader<KnowledgeAnswer>((quality) => store.set({ quality }), isOver);

  /** Shows a place and reads what it needs; null leaves for the conversations. */
  function go(place: KnowledgePlace | null) {
    store.set({ place, ...(place?.view === 'proposals' ? {} : { editing: null }) });
    if (place) load(place);
  }

  function load(place: KnowledgePlace) {
    if (!isSignedIn()) return;
    const { explained, gaps, quality } = store.get();
    switch (place.view) {
      case 'ask': {
        const { question, after } = place;
        if (question === null) return explain.stop(nothingRead);
        const known = explained.value?.question === question && explained.value.after === after;
        const read = async () => remember({ ...(await client.explain(question, after)), question, after });
        return explain.load(read, known ? explained.value : null);
      }
      case 'gaps':
        return loadGaps.load(
          async () => ({ ...(await client.gaps(place.days)), days: place.days }),
          gaps.value?.days === place.days ? gaps.value : null,
        );
      case 'proposals':
        return loadProposals.load(async () => (await client.proposals()).proposals, listed);
      case 'quality':
        return loadQuality.load(() => client.knowledge(), quality.value);
    }
  }

  function remember(explained: Explained): Explained {
    const { question, outcome, confidence, after } = explained;
    const others = store.get().asked.filter((each) => each.question !== question || each.after !== after);
    store.set({ asked: [{ question, outcome, confidence, after }, ...others].slice(0, askedKept) });
    return explained;
  }

  function undecided(): readonly ProposalView[] | null {
    return listed && listed.filter((proposal) => !decided.has(keyOf(proposal)));
  }

  function showProposals() {
    store.set({ proposals: { ...store.get().proposals, value: undecided() } });
  }

  /** Takes the proposal away at once; it comes back to its place when the server does not agree. */
  async function decide(proposal: ProposalView, decision: WordingDecision['decision'], text = proposal.question) {
    const key = keyOf(proposal);
    if (decided.has(key)) return;
    const wording = text.trim();
    const changed = decision === 'accept' && wording !== proposal.question;
    decided.add(key);
    store.set({ editing: null });
    showProposals();
    try {
      const { articleId, question, title } = proposal;
      await client.decide({ articleId, question, decision, ...(changed ? { text: wording } : {}) });
      tell({ kind: decision === 'accept' ? 'accepted' : 'refused', title });
    } catch (error) {
      const why = refusalOf(error, proposal.title);
      if (why.kind !== 'articleGone') {
        decided.delete(key);
        showProposals();
        if (changed && !store.get().editing) store.set({ editing: { key, text: wording } });
      }
      if (!isOver(error)) tell(why);
    }
  }

  return {
    store,
    go,
    /** Goes where a view starts, or back to the question last asked. */
    choose: (view: KnowledgeView) => {
      const [last] = store.get().asked;
      go(view === 'ask' && last ? { view, question: last.question, after: last.after } : startOf(view));
    },
    ask: (question: string, after: string | null = null) => {
      const wording = question.trim();
      if (wording !== '') go({ view: 'ask', question: wording, after });
    },
    /** Reads the place shown anew. */
    refresh: () => {
      const { place } = store.get();
      if (place) load(place);
    },
    decide,
    edit: (proposal: ProposalView | null, text = proposal?.question ?? '') =>
      store.set({ editing: proposal && { key: keyOf(proposal), text } }),
    /** Forgets what was read and asked; the place stays. */
    forget: () => {
      decided.clear();
      for (const loader of [explain, loadGaps, loadProposals, loadQuality]) loader.stop(nothingRead);
      store.set({ ...empty, place: store.get().place });
    },
  };
}

/** One proposal among all. */
export function keyOf({ articleId, question }: Pick<ProposalView, 'articleId' | 'question'>): string {
  return JSON.stringify([articleId, question]);
}

/** The proposals by article, in the order of the first of each. */
export function byArticle(
  proposals: readonly ProposalView[],
): readonly { readonly articleId: string; readonly title: string; readonly proposals: readonly ProposalView[] }[] {
  const groups = new Map<string, ProposalView[]>();
  for (const proposal of proposals) {
    const group = groups.get(proposal.articleId);
    if (group) group.push(proposal);
    else groups.set(proposal.articleId, [proposal]);
  }
  return [...groups].map(([articleId, of]) => ({ articleId, title: of[0]?.title ?? articleId, proposals: of }));
}

const askedKept = 10;
const empty: KnowledgeState = {
  place: null,
  explained: nothingRead,
  asked: [],
  gaps: nothingRead,
  proposals: nothingRead,
  editing: null,
  quality: nothingRead,
};

/** Why a decision was not taken. */
function refusalOf(error: unknown, title: string): DecisionNotice {
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 404) return { kind: 'articleGone' };
  if (status === 403) return { kind: 'forbidden' };
  if (error instanceof ApiError && status === 409) return { kind: 'notWritable', title, reason: error.message };
  return { kind: 'notDecided' };
}
