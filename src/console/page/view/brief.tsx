import type { JSX } from 'preact';
import type { BriefView, TriedArticle } from '../../api.ts';
import { durationText } from '../durations.ts';
import { hashOf } from '../places.ts';
import { useNow } from '../store.ts';
import { Confidence } from './confidence.tsx';
import { Icon } from './icons.tsx';
import { Section } from './side/section.tsx';
import { useSurroundings } from './surroundings.ts';

/** What the agent reads first: why it was handed over, what about, why the bot gave up, and what was tried. */
export function Brief({ brief }: { brief: BriefView }): JSX.Element {
  const { m, state } = useSurroundings();
  const { reason, question, tried, unmatched, doubts, attempts, waitingSince } = brief;
  const now = useNow(waitingSince !== null) + state.clockOffset;
  return (
    <>
      {reason && (
        <div class={`reason reason-${reason}`}>
          <span>{m.brief.reason}</span>
          <strong>{m.reasons[reason]}</strong>
          {waitingSince !== null && <small>{m.waited(durationText(now - waitingSince, m))}</small>}
        </div>
      )}
      {question && (
        <Section title={m.brief.question}>
          <blockquote class="question" dir="auto">
            {question}
          </blockquote>
          <a class="explain" href={hashOf({ kind: 'knowledge', view: 'ask', question, after: null })}>
            {m.brief.explain}
          </a>
        </Section>
      )}
      <Unanswered doubts={doubts} unmatched={unmatched} />
      {reason && (
        <Section title={m.brief.tried} aside={attempts > 0 ? `${m.brief.attempts} ${m.brief.times(attempts)}` : null}>
          {tried.length === 0 ? (
            <p class="fine-print">{m.brief.nothingTried}</p>
          ) : (
            <ol class="tried">
              {tried.map((article) => (
                <Tried article={article} key={article.articleId} />
              ))}
            </ol>
          )}
        </Section>
      )}
    </>
  );
}

/** What spoke against an answer, and the words the bot did not know. */
function Unanswered({ doubts, unmatched }: Pick<BriefView, 'doubts' | 'unmatched'>): JSX.Element | null {
  const { m } = useSurroundings();
  if (doubts.length === 0 && unmatched.length === 0) return null;
  return (
    <Section title={doubts.length > 0 ? m.brief.unanswered : m.brief.unmatched}>
      <ul class="doubts">
        {doubts.map((doubt) => (
          <li key={doubt}>
            <Icon name="warn" size={14} />
            {m.brief.doubts[doubt]}
          </li>
        ))}
      </ul>
      {unmatched.length > 0 && (
        <ul class="words" aria-label={m.brief.unmatched}>
          {unmatched.map((word) => (
            <li key={word}>{word}</li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Tried({ article }: { article: TriedArticle }): JSX.Element {
  const { m } = useSurroundings();
  const { title, articleId, confidence, shown, helpful } = article;
  return (
    <li title={articleId}>
      <span class="tried-title">{title}</span>
      <span class="tried-line">
        <Confidence value={confidence} />
        <span class={shown ? 'tried-shown' : 'tried-hidden'}>{shown ? m.brief.shown : m.brief.notShown}</span>
        {helpful !== null && (
          <span class={helpful ? 'verdict-good' : 'verdict-bad'}>
            <Icon name="thumb" upsideDown={!helpful} size={12} />
            {helpful ? m.brief.helpful : m.brief.unhelpful}
          </span>
        )}
      </span>
    </li>
  );
}
