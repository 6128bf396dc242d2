import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConversationView, PersonView } from '../../../api.ts';
import { filled, matching } from '../../../../web/canned-replies.ts';
import { colleaguesMatching, type Token } from '../../composing/completions.ts';
import { groupName } from '../transcript/scene.ts';
import { useAgent, useSurroundings } from '../surroundings.ts';

/** Something to put in the place of what was typed. */
export type Completion = {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly aside: string | null;
  /** What is typed for it. */
  readonly shortcut: string | null;
  readonly text: string;
  readonly mention: PersonView | null;
  readonly cannedId: string | null;
};

/** More would not be looked through. */
const shownAtMost = 30;

/** What may be meant by the token at the caret; `list` is null where there is none. */
export function useCompletions(token: Token | null, conversation: ConversationView) {
  const { m, state } = useSurroundings();
  const me = useAgent();
  const [active, setActive] = useState(0);
  const { directory } = state;
  const list = token && directory ? found(token).slice(0, shownAtMost) : null;
  useEffect(() => setActive(0), [token?.kind, token?.query]);

  function found({ kind, query }: Token): readonly Completion[] {
    if (!directory) return [];
    if (kind === 'mention') {
      const others = directory.colleagues.filter(({ id }) => id !== me?.id);
      return colleaguesMatching(query, others).map(({ id, name, role, status }) => ({
        key: id,
        title: name,
        detail: m.conversation.statuses[status],
        aside: role === 'supervisor' ? m.rail.roles.supervisor : null,
        shortcut: null,
        text: `@${name} `,
        mention: { id, name },
        cannedId: null,
      }));
    }
    const names = { customer: conversation.customer.name, agent: me?.name ?? '' };
    return matching(query, directory.canned).map(({ id, title, text, shortcut, groupId }) => ({
      key: id,
      title,
      detail: filled(text, names),
      aside: groupId === null ? null : groupName(groupId, { directory, m }),
      shortcut,
      text: filled(text, names),
      mention: null,
      cannedId: id,
    }));
  }

  /** True when the key was for the list. */
  function onKeyDown(
    event: KeyboardEvent,
    does: { readonly complete: (completion: Completion) => void; readonly dismiss: () => void },
  ): boolean {
    if (!list || event.isComposing || event.keyCode === 229) return false;
    const chosen = list[active];
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        if (list.length === 0) return false;
        setActive((active + (event.key === 'ArrowDown' ? 1 : list.length - 1)) % list.length);
        break;
      case 'Enter':
      case 'Tab':
        if (!chosen || event.shiftKey) return false;
        does.complete(chosen);
        break;
      case 'Escape':
        does.dismiss();
        break;
      default:
        return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return { list, active, activeId: list?.[active] ? `completion-${active}` : undefined, onKeyDown };
}

/** The list above the field. */
export function Completions(props: {
  completions: ReturnType<typeof useCompletions>;
  kind: Token['kind'];
  onChoose: (completion: Completion) => void;
}): JSX.Element {
  const { completions, kind, onChoose } = props;
  const { list, active } = completions;
  const words = useSurroundings().m.conversation.composer;
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => {
    box.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div class="completions">
      <ul
        ref={box}
        id="completions"
        role="listbox"
        aria-label={kind === 'canned' ? words.canned : words.mention}
        // The field keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
      >
        {(list ?? []).map((completion, index) => (
          <li
            key={completion.key}
            id={`completion-${index}`}
            role="option"
            aria-selected={index === active}
            onClick={() => onChoose(completion)}
          >
            <span class="completion-title">
              {completion.title}
              {completion.shortcut && <kbd>/{completion.shortcut}</kbd>}
              {completion.aside && <span class="chip">{completion.aside}</span>}
            </span>
            <span class="completion-detail">{completion.detail}</span>
          </li>
        ))}
      </ul>
      <p class="completions-foot" role="status">
        {list?.length === 0 ? (kind === 'canned' ? words.noCanned : words.noColleague) : words.pick}
      </p>
    </div>
  );
}
