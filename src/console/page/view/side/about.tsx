import type { JSX } from 'preact';
import { fullTime } from '../../../../web/dates.ts';
import type { ConversationView, CustomerView, SummaryView } from '../../../api.ts';
import type { OpenConversation } from '../../conversation.ts';
import { agoText } from '../../durations.ts';
import { hashOf } from '../../places.ts';
import { shownIn } from '../../shown.ts';
import { useNow } from '../../store.ts';
import { Brief } from '../brief.tsx';
import { Confidence } from '../confidence.tsx';
import { StatusPill } from '../status-pill.tsx';
import { channelName, useSurroundings } from '../surroundings.ts';
import { CustomerCard } from './customer.tsx';
import { Facts } from './facts.tsx';
import { Order, PromiseLine } from './order.tsx';
import { Mood } from './mood.tsx';
import { Section } from './section.tsx';

/** Who it is, why they are here, what was tried, what they were promised, and what is known of them. */
export function About({ open }: { open: OpenConversation }): JSX.Element {
  const { m } = useSurroundings();
  const { conversation, brief, customer, past, duplicates } = open;
  if (!conversation || !customer) return <SideSkeleton />;
  return (
    <div class="brief-body">
      <CustomerCard customer={customer} conversation={conversation} />
      {brief?.reason ? <Brief brief={brief} /> : <p class="fine-print">{m.brief.none}</p>}
      <PromiseLine conversation={conversation} />
      <Order conversation={conversation} />
      <Mood open={open} conversation={conversation} />
      <Facts customer={customer} />
      <Shown open={open} />
      <Past past={past} duplicates={duplicates} />
      <Particulars conversation={conversation} customer={customer} open={open} />
    </div>
  );
}

/** What they were given to read, the newest first. */
function Shown({ open }: { open: OpenConversation }): JSX.Element | null {
  const { m, locale } = useSurroundings();
  const shown = shownIn(open.entries);
  if (shown.length === 0) return null;
  return (
    <details class="side-details">
      <summary>
        {m.side.shown} <span class="count">{shown.length}</span>
      </summary>
      <ol class="tried">
        {shown.map(({ seq, at, articleId, title, by, confidence, helpful }) => (
          <li key={seq} title={articleId}>
            <span class="tried-title" dir="auto">
              {title ?? articleId}
            </span>
            <span class="tried-line">
              <span class="fine-print" title={fullTime(at, locale)}>
                {by === null ? m.side.shownByBot : m.side.shownByAgent(by)}
              </span>
              {confidence !== null && <Confidence value={confidence} />}
              {helpful !== null && (
                <span class={helpful ? 'verdict-good' : 'verdict-bad'}>
                  {helpful ? m.brief.helpful : m.brief.unhelpful}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** Their other conversations; those still open can be merged into this one. */
function Past(props: { past: readonly SummaryView[]; duplicates: readonly SummaryView[] }): JSX.Element {
  const { m, locale, state } = useSurroundings();
  const { past, duplicates } = props;
  const now = useNow(false) + state.clockOffset;
  const isOpen = (id: string) => duplicates.some((each) => each.id === id);
  return (
    <Section title={m.side.past} aside={past.length > 0 ? past.length : null}>
      {past.length === 0 ? (
        <p class="fine-print">{m.side.noPast}</p>
      ) : (
        <ul class="past">
          {past.map((conversation) => {
            const { id, updatedAt, lastCustomerText, rating } = conversation;
            return (
              <li key={id}>
                <a href={hashOf({ kind: 'conversations', conversationId: id })}>
                  <span class="past-text" dir="auto">
                    {lastCustomerText ?? m.saidNothing}
                  </span>
                  <span class="past-line">
                    <StatusPill conversation={conversation} />
                    <time class="fine-print" title={fullTime(updatedAt, locale)}>
                      {agoText(now - updatedAt, m)}
                    </time>
                    {rating !== null && <span class="fine-print">{m.side.rated(rating)}</span>}
                    {isOpen(id) && <span class="tag">{m.side.openToo}</span>}
                  </span>
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

function Particulars(props: {
  conversation: ConversationView;
  customer: CustomerView;
  open: OpenConversation;
}): JSX.Element {
  const { m, locale } = useSurroundings();
  const { conversation, customer, open } = props;
  return (
    <details class="side-details">
      <summary>{m.side.more}</summary>
      <dl class="facts">
        <dt>{m.brief.channel}</dt>
        <dd>{channelName(conversation.channel, m)}</dd>
        <dt>{m.brief.since}</dt>
        <dd>{fullTime(conversation.createdAt, locale)}</dd>
        {open.brief && (
          <>
            <dt>{m.brief.messages}</dt>
            <dd>{m.brief.messageCount(open.brief.customer.messages)}</dd>
          </>
        )}
        <dt>{m.brief.id}</dt>
        <dd class="mono">{customer.id}</dd>
        <dt>{m.side.conversationId}</dt>
        <dd class="mono">{conversation.id}</dd>
      </dl>
    </details>
  );
}

function SideSkeleton(): JSX.Element {
  const { m } = useSurroundings();
  return (
    <div class="skeletons" role="status" aria-label={m.loading}>
      <span class="skeleton" />
      <span class="skeleton skeleton-short" />
      <span class="skeleton" />
    </div>
  );
}
