import type { VNode } from 'preact';
import { BotIcon, PersonIcon } from './icons.tsx';

/** The round picture beside a message: the bot's face, or a person's initial. */
export function Avatar({ author, name }: { author: 'bot' | 'agent'; name: string | null }): VNode {
  return (
    <span class="avatar" data-author={author} aria-hidden="true">
      {author === 'bot' ? <BotIcon size={18} /> : name ? initialOf(name) : <PersonIcon size={16} />}
    </span>
  );
}

/** One character that stands for a name: the last of a Chinese name, where the given name is, the first of any other. */
export function initialOf(name: string): string {
  const characters = Array.from(name.trim());
  const last = characters[characters.length - 1] ?? '';
  return /[\u3400-\u9fff]/.test(last) ? last : (characters[0] ?? '').toUpperCase();
}
