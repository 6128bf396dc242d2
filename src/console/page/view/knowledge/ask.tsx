import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ExplanationView } from '../../../knowledge-api.ts';
import { maxQuestion } from '../../../limits.ts';
import { sends } from '../../keys.ts';
import type { Asked } from '../../knowledge.ts';
import { hashOf, type KnowledgePlace } from '../../places.ts';
import { widestOf, wordChips } from '../../shares.ts';
import { useStore } from '../../store.ts';
import { Empty } from '../empty.tsx';
import { Icon, type IconName } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { Confidence } from '../confidence.tsx';
import { Bars, Gauge, Panel, Read } from './parts.tsx';

type AskPlace = Extract<KnowledgePlace, { view: 'ask' }>;
type Article = { readonly articleId: string; readonly title: string };

/** The id of the field in which one asks. */
export const askField = 'ask-field';

/** Asks as a customer would, and shows how the bot came to what it would do. */
export function AskView({ place }: { place: AskPlace }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { explained } = useStore(desk.knowledge.store);
  const [after, setAfter] = useState<Article | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setAfter((before) => (place.after === before?.articleId ? before : articleOf(place.after)));
  }, [place]);
  // On a phone the keyboard would cover what one came to read.
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  function followUp(article: Article) {
    setAfter(article);
    field.current?.focus();
    field.current?.select();
  }

  return (
    <>
      <AskForm place={place} field={field} after={after} onAfter={setAfter} />
      {place.question === null ? (
        <Empty icon="search" title={m.knowledge.ask.intro[0]} text={m.knowledge.ask.intro[1]} />
      ) : (
        <Read loaded={explained} rows={3}>
          {(explanation) => <Explained explanation={explanation} onFollowUp={followUp} key={explanation.question} />}
        </Read>
      )}
    </>
  );
}

/** All that an address tells of an article. */
function articleOf(articleId: string | null): Article | null {
  return articleId === null ? null : { articleId, title: articleId };
}

function AskForm(props: {
  place: AskPlace;
  field: { current: HTMLInputElement | null };
  after: Article | null;
  onAfter: (after: Article | null) => void;
}): JSX.Element {
  const { place, field, after, onAfter } = props;
  const { desk, m } = useSurroundings();
  const { asked, explained } = useStore(desk.knowledge.store);
  const [text, setText] = useState(place.question ?? '');
  useEffect(() => setText(place.question ?? ''), [place]);
  const busy = explained.state === 'loading';

  return (
    <form
      class="ask"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        desk.knowledge.ask(text, after?.articleId ?? null);
      }}
    >
      <div class="ask-box">
        <Icon name="search" size={18} />
        <input
          id={askField}
          ref={field}
          type="text"
          value={text}
          maxLength={maxQuestion}
          placeholder={m.knowledge.ask.placeholder}
          aria-label={m.knowledge.ask.label}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="search"
          dir="auto"
          onInput={(event) => setText(event.currentTarget.value)}
          // Enter also chooses a word of an input method.
          onKeyDown={(event) => event.key === 'Enter' && !sends(event) && event.preventDefault()}
        />
        <button type="submit" class="button button-primary" disabled={text.trim() === ''} aria-busy={busy}>
          {m.knowledge.ask.submit}
          <kbd>↵</kbd>
        </button>
      </div>
      {after && (
        <p class="ask-after" title={after.articleId}>
          <Icon name="undo" size={14} />
          <span>{m.knowledge.ask.after(after.title)}</span>
          <button type="button" class="link" onClick={() => onAfter(null)}>
            {m.knowledge.ask.notAfter}
          </button>
        </p>
      )}
      <History asked={asked.filter(({ question, after: id }) => question !== place.question || id !== place.after)} />
    </form>
  );
}

function History({ asked }: { asked: readonly Asked[] }): JSX.Element | null {
  const { m } = useSurroundings();
  if (asked.length === 0) return null;
  return (
    <nav class="asked" aria-label={m.knowledge.ask.history}>
      <span>{m.knowledge.ask.history}</span>
      {asked.map(({ question, outcome, after }) => (
        <a
          key={`${after ?? ''} ${question}`}
          class={`asked-${outcome}`}
          href={hashOf({ kind: 'knowledge', view: 'ask', question, after })}
          title={`${question} · ${m.knowledge.ask.outcomes[outcome]}`}
        >
          <span class="dot" aria-hidden="true" />
          <span dir="auto">{question}</span>
        </a>
      ))}
    </nav>
  );
}

function Explained(props: { explanation: ExplanationView; onFollowUp: (article: Article) => void }): JSX.Element {
  const { explanation, onFollowUp } = props;
  const { m } = useSurroundings();
  const { candidates, signals } = explanation;
  const widest = widestOf(candidates.map(({ shares }) => shares));
  return (
    <div class="explained">
      <Outcome explanation={explanation} />
      <Words explanation={explanation} />
      <Panel title={m.knowledge.ask.candidates} {...(candidates.length > 0 ? { hint: m.knowledge.ask.candidatesHint } : {})}>
        {candidates.length === 0 ? (
          <p class="fine-print">{m.knowledge.ask.noCandidates}</p>
        ) : (
          <ol class="candidates">
            {candidates.map((candidate, place) => (
              <li key={candidate.articleId}>
                <Candidate candidate={candidate} first={place === 0} widest={widest} onFollowUp={onFollowUp} />
              </li>
            ))}
          </ol>
        )}
      </Panel>
      {signals.length > 0 && (
        <Panel title={m.knowledge.ask.signals} hint={m.knowledge.ask.signalsHint}>
          <Bars shares={signals} widest={widestOf([signals])} />
        </Panel>
      )}
    </div>
  );
}

function Outcome({ explanation }: { explanation: ExplanationView }): JSX.Element {
  const { m } = useSurroundings();
  const { outcome, because, confidence, threshold, calibration } = explanation;
  const { stage, labels } = calibration;
  const [best] = explanation.candidates;
  return (
    <section class={`panel outcome outcome-${outcome}`} role="status">
      <h2>
        <Icon name={outcomeIcons[outcome]} size={18} />
        {m.knowledge.ask.outcomes[outcome]}
        {outcome === 'answer' && best && (
          <span class="outcome-article" dir="auto">
            {m.transcript.article(best.title)}
          </span>
        )}
      </h2>
      <p>{m.knowledge.ask.because[because]}</p>
      <Gauge value={confidence} threshold={threshold} />
      <p class="stage-line">
        {stage !== 'labelled' && <span class="tag">{m.knowledge.estimated}</span>}
        <span class="fine-print">{m.knowledge.ask.stages[stage](labels)}</span>
      </p>
    </section>
  );
}

const outcomeIcons: Readonly<Record<ExplanationView['outcome'], IconName>> = {
  answer: 'check',
  clarify: 'gap',
  handoff: 'mine',
};

function Words({ explanation }: { explanation: ExplanationView }): JSX.Element {
  const { m } = useSurroundings();
  const { question, readAs, normalised, words, unmatched } = explanation;
  const chips = wordChips(words, unmatched);
  return (
    <Panel title={m.knowledge.ask.words}>
      {(readAs !== null || normalised !== question) && (
        <dl class="facts">
          {readAs !== null && (
            <>
              <dt>{m.knowledge.ask.readAs}</dt>
              <dd dir="auto">{readAs}</dd>
            </>
          )}
          {normalised !== question && (
            <>
              <dt>{m.knowledge.ask.normalised}</dt>
              <dd dir="auto">{normalised}</dd>
            </>
          )}
        </dl>
      )}
      {chips.length === 0 ? (
        <p class="fine-print">{m.knowledge.ask.noWords}</p>
      ) : (
        <ul class="words">
          {chips.map(({ word, missing }) => (
            <li
              key={word}
              class={missing ? 'word-missing' : 'word-known'}
              title={missing ? m.knowledge.ask.missing : undefined}
            >
              {word}
              {missing && <span class="sr-only"> ({m.knowledge.ask.missing})</span>}
            </li>
          ))}
        </ul>
      )}
      {unmatched.length > 0 && (
        <p class="fine-print words-key">
          <span class="word-missing" aria-hidden="true" />
          {m.knowledge.ask.missing}
        </p>
      )}
    </Panel>
  );
}

function Candidate(props: {
  candidate: ExplanationView['candidates'][number];
  first: boolean;
  widest: number;
  onFollowUp: (article: Article) => void;
}): JSX.Element {
  const { candidate, first, widest, onFollowUp } = props;
  const { m } = useSurroundings();
  const { articleId, title, wording, confidence, shares } = candidate;
  return (
    <details class="candidate" open={first}>
      <summary data-item={articleId}>
        <Icon name="right" size={14} />
        <span class="candidate-title" dir="auto">
          {title}
        </span>
        <Confidence value={confidence} />
      </summary>
      <div class="candidate-body">
        <dl class="facts">
          <dt>{m.knowledge.ask.nearest}</dt>
          <dd dir="auto">{wording}</dd>
          <dt>ID</dt>
          <dd class="mono">{articleId}</dd>
        </dl>
        <Bars shares={shares} widest={widest} />
        <button type="button" class="button" onClick={() => onFollowUp({ articleId, title })}>
          <Icon name="undo" size={14} />
          {m.knowledge.ask.askAfter}
        </button>
      </div>
    </details>
  );
}
