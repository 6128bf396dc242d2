import type { JSX } from 'preact';
import { fullTime } from '../../../../web/dates.ts';
import type { ConversationView } from '../../../api.ts';
import { durationText } from '../../durations.ts';
import { standingOf } from '../../order.ts';
import { useNow } from '../../store.ts';
import { Icon } from '../icons.tsx';
import { useMyId, useSurroundings } from '../surroundings.ts';
import { becauseWords, whenWords } from '../transcript/words.ts';
import { groupName } from '../transcript/scene.ts';
import { Section } from './section.tsx';

/** What the customer was promised next, and how long it is until then or since. */
export function PromiseLine({ conversation }: { conversation: ConversationView }): JSX.Element | null {
  const { m, locale, state } = useSurroundings();
  const { promise, breaches, status } = conversation;
  const now = useNow(promise !== null) + state.clockOffset;
  if (status === 'resolved' || (!promise && breaches === 0)) return null;
  const left = promise ? promise.dueAt - now : 0;
  const standing = !promise ? 'broken' : left < 0 ? 'broken' : now >= promise.warnAt ? 'at_risk' : promise.state;
  const words = m.conversation;
  return (
    <Section title={m.side.promise}>
      <div class={`promised promised-${standing}`}>
        {promise && (
          <p title={fullTime(promise.dueAt, locale)}>
            <Icon name="queue" size={15} />
            <span>{words.promises[promise.kind]}</span>
            <strong>
              <time>{left < 0 ? words.due.late(durationText(-left, m)) : words.due.left(durationText(left, m))}</time>
            </strong>
          </p>
        )}
        {breaches > 0 && <p class="promised-again">{m.side.broken(breaches)}</p>}
      </div>
    </Section>
  );
}

/** Where it stands in the order of service, and why. */
export function Order({ conversation }: { conversation: ConversationView }): JSX.Element | null {
  const { m, locale, state } = useSurroundings();
  const myId = useMyId();
  const { because, priority, groupId, status, queuedAt, reservedFor } = conversation;
  if (because.length === 0 && status !== 'queued') return null;
  const words = { m, locale, directory: state.directory, myId };
  const { priorities } = m.conversation;
  const standing = standingOf(conversation);
  return (
    <Section title={m.side.order}>
      <p class="order-is">
        {m.side.orderIs(groupId === null ? m.side.everybody : groupName(groupId, words), priorities[priority])}
      </p>
      <ul class="order">
        {status === 'queued' && queuedAt !== null && (
          <li>{m.side.waitsSince(whenWords(queuedAt, Date.now(), locale))}</li>
        )}
        {standing.kind === 'first' && <li>{m.side.first}</li>}
        {standing.kind === 'ahead' && <li>{m.side.headStart(standing.minutes)}</li>}
        {standing.kind === 'behind' && <li>{m.side.behind(standing.minutes)}</li>}
        {reservedFor && <li>{m.side.reserved(reservedFor.name)}</li>}
        {because.map((reason, index) => {
          const [what, asked] = becauseWords(reason, words);
          return (
            <li key={index}>
              {what}
              {asked && <span class="order-asked"> → {asked}</span>}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
