import type { JSX } from 'preact';
import type { ConversationView } from '../../../api.ts';
import type { OpenConversation } from '../../conversation.ts';
import { levelOf } from '../../rows.ts';
import { useSurroundings } from '../surroundings.ts';
import { Section } from './section.tsx';

/** How the customer felt at worst, and how they feel now: what they will remember. */
export function Mood(props: { open: OpenConversation; conversation: ConversationView }): JSX.Element | null {
  const { m } = useSurroundings();
  const { open, conversation } = props;
  const { mood } = conversation;
  if (!mood || (levelOf(mood.worst.score) === 'calm' && levelOf(mood.last.score) === 'calm')) return null;
  const words = m.conversation.mood;
  const moments =
    mood.worst.seq === mood.last.seq
      ? [{ what: words.last, felt: mood.last }]
      : [
          { what: words.worst, felt: mood.worst },
          { what: words.last, felt: mood.last },
        ];
  return (
    <Section title={m.side.mood}>
      <dl class="feelings">
        {moments.map(({ what, felt }) => (
          <div key={what} class={`feeling-${levelOf(felt.score)}`}>
            <dt>{what}</dt>
            <dd>
              <strong>{words.levels[levelOf(felt.score)]}</strong>
              <span dir="auto">{said(open, felt.seq)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function said({ entries }: OpenConversation, seq: number): string {
  const entry = entries.find((each) => each.seq === seq);
  return entry?.kind === 'message' ? entry.text : '';
}
