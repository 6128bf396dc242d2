import type { JSX } from 'preact';
import type { GapView } from '../../../knowledge-api.ts';
import { gapsLimit } from '../../../limits.ts';
import { serves } from '../../desk.ts';
import { agoText } from '../../durations.ts';
import { gapDays, hashOf, type KnowledgePlace } from '../../places.ts';
import { useNow, useStore } from '../../store.ts';
import { fullTime } from '../../../../web/dates.ts';
import { Empty } from '../empty.tsx';
import { Icon } from '../icons.tsx';
import { useAgent, useSurroundings } from '../surroundings.ts';
import { Confidence } from '../confidence.tsx';
import { MissingWords, Read } from './parts.tsx';

/** What customers asked in vain, the most frequent first: the articles most worth writing. */
export function GapsView({ place }: { place: Extract<KnowledgePlace, { view: 'gaps' }> }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { gaps } = useStore(desk.knowledge.store);
  return (
    <>
      <div class="knowledge-intro">
        <p>{m.knowledge.gaps.intro}</p>
        <nav class="segments" aria-label={m.knowledge.gaps.within}>
          {gapDays.map((days) => (
            <a
              key={days}
              class="segment"
              href={hashOf({ kind: 'knowledge', view: 'gaps', days })}
              aria-current={days === place.days ? 'page' : undefined}
            >
              {m.knowledge.gaps.days[days]}
            </a>
          ))}
        </nav>
      </div>
      <Read loaded={gaps} rows={4}>
        {(value) =>
          value.gaps.length === 0 ? (
            <Empty icon="tea" title={m.knowledge.gaps.empty[0]} text={m.knowledge.gaps.empty[1]} />
          ) : (
            <ol class="items" aria-label={m.knowledge.gaps.label}>
              {value.gaps.map((gap) => (
                <Gap gap={gap} key={gap.id} />
              ))}
              {value.gaps.length >= gapsLimit && <li class="fine-print">{m.knowledge.gaps.full(gapsLimit)}</li>}
            </ol>
          )
        }
      </Read>
    </>
  );
}

function Gap({ gap }: { gap: GapView }): JSX.Element {
  const { m, locale } = useSurroundings();
  const now = useNow(false);
  const { id, question, wordings, count, customers, lastAt, reasons, nowAnswered } = gap;
  const g = m.knowledge.gaps;
  return (
    <li class="panel item" data-item={id} tabIndex={-1}>
      <header class="item-head">
        <h2 dir="auto">{question}</h2>
        <p class="item-figures">
          <strong>{g.count(count)}</strong>
          <span>{g.customers(customers)}</span>
          <time title={fullTime(lastAt, locale)}>{g.last(agoText(now - lastAt, m))}</time>
        </p>
      </header>
      {nowAnswered && (
        <p class="callout callout-good" title={nowAnswered.articleId}>
          <Icon name="check" />
          <span>
            <strong>{g.nowAnswered}</strong> {m.transcript.article(nowAnswered.title)}
          </span>
          <Confidence value={nowAnswered.confidence} />
        </p>
      )}
      <dl class="facts">
        {wordings.length > 0 && (
          <>
            <dt>{g.wordings}</dt>
            <dd>
              <ul class="wordings">
                {wordings.map((wording) => (
                  <li dir="auto" key={wording}>
                    {wording}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {gap.unmatched.length > 0 && (
          <>
            <dt>{g.unmatched}</dt>
            <dd>
              <MissingWords words={gap.unmatched} />
            </dd>
          </>
        )}
        {!nowAnswered && <Nearest gap={gap} />}
      </dl>
      <footer class="item-foot">
        {reasons.map(({ reason, count: times }) => (
          <span class="tag" key={reason}>
            {g.reasons[reason]} {times > 1 && g.times(times)}
          </span>
        ))}
        <span class="item-links">
          <Conversations ids={gap.conversationIds} />
          <a href={hashOf({ kind: 'knowledge', view: 'ask', question, after: null })}>{g.explain}</a>
        </span>
      </footer>
    </li>
  );
}

function Nearest({ gap }: { gap: GapView }): JSX.Element {
  const { m } = useSurroundings();
  return (
    <>
      <dt>{m.knowledge.gaps.nearest}</dt>
      <dd>
        {gap.candidates.length === 0 ? (
          <span class="fine-print">{m.knowledge.gaps.nothingNear}</span>
        ) : (
          <ol class="nearest">
            {gap.candidates.map(({ articleId, title, confidence }) => (
              <li key={articleId} title={articleId}>
                <span dir="auto">{title}</span>
                <Confidence value={confidence} />
              </li>
            ))}
          </ol>
        )}
      </dd>
    </>
  );
}

/** Where it was asked, for those who may read it. */
function Conversations({ ids }: { ids: readonly string[] }): JSX.Element | null {
  const { m } = useSurroundings();
  const agent = useAgent();
  if (!agent || !serves(agent)) return null;
  return (
    <>
      {ids.map((conversationId, place) => (
        <a key={conversationId} href={hashOf({ kind: 'conversations', conversationId })}>
          {m.knowledge.gaps.conversation(place + 1)}
        </a>
      ))}
    </>
  );
}
