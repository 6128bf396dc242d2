import type { JSX } from 'preact';
import { permitted } from '../../permitted.ts';
import { useAgent, useSurroundings } from '../surroundings.ts';
import { Asking } from './asking.tsx';

/** Takes the conversation from the bot, from among the resolved ones, or as a supervisor from a colleague. */
export function TakeOver(): JSX.Element | null {
  const { desk, state, m } = useSurroundings();
  const me = useAgent();
  const conversation = state.open?.conversation;
  const from = conversation ? permitted(conversation, me).takeOver : null;
  if (!from) return null;
  const words = m.conversation.takeover;
  const [title, text] =
    from === 'colleague' ? words.colleague(conversation?.agent?.name ?? m.rail.roles.agent) : words[from];
  return <Asking title={title} text={text} submit={words.submit} does={desk.takeOver} />;
}
