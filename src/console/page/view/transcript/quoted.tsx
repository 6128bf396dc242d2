import type { JSX } from 'preact';
import { excerptOf, speakerOf, type Scene } from './scene.ts';

/** The message that is replied to, in short; it leads there. */
export function Quoted({ seq, scene }: { seq: number; scene: Scene }): JSX.Element {
  const { m, messages, onJump } = scene;
  const message = messages.get(seq);
  if (!message) return <span class="quoted">{m.conversation.quotedGone}</span>;
  return (
    <button type="button" class="quoted" title={m.conversation.jumpTo} onClick={() => onJump(seq)}>
      <strong>{m.conversation.quoted(speakerOf(message, scene))}</strong>
      <span dir="auto">{excerptOf(message, scene)}</span>
    </button>
  );
}
