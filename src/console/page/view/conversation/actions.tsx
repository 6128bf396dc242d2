import type { JSX } from 'preact';
import type { OpenConversation } from '../../conversation.ts';
import { permitted, type Permitted } from '../../permitted.ts';
import { Icon, type IconName } from '../icons.tsx';
import { useAgent, useSurroundings, type Dialog } from '../surroundings.ts';
import { Menu, type MenuItem } from './menu.tsx';

/** What can be done with the conversation: the usual beside its name, the rest in a menu. */
export function Actions({ open, moreAsked }: { open: OpenConversation; moreAsked: number }): JSX.Element | null {
  const { desk, state, m, show } = useSurroundings();
  const me = useAgent();
  const { conversation, duplicates } = open;
  if (!conversation) return null;
  const may = permitted(conversation, me);
  const waits = state.busy !== null;
  const isSnoozed = conversation.snoozedUntil !== null;
  const words = m.conversation.actions;
  const wake = () => void desk.snooze(null);
  const item = (dialog: Dialog, icon: IconName, label: string, kbd?: string): MenuItem => ({
    key: dialog,
    icon,
    label,
    ...(kbd ? { kbd } : {}),
    does: () => show(dialog),
  });
  const more: readonly MenuItem[] = [
    ...(may.serve ? [{ ...item('transfer', 'transfer', words.transfer, 'T'), narrowOnly: true }] : []),
    ...(may.serve
      ? [
          isSnoozed
            ? { key: 'wake', icon: 'snooze' as const, label: words.wake, narrowOnly: true, does: wake }
            : { ...item('snooze', 'snooze', words.snooze, 'S'), narrowOnly: true },
        ]
      : []),
    ...(may.takeOver ? [item('takeOver', 'hand', takeOverWords(may, words), 'O')] : []),
    ...(may.serve ? [item('toBot', 'bot', m.actions.toBot)] : []),
    ...(may.serve && duplicates.length > 0 ? [item('merge', 'merge', words.merge)] : []),
    ...(may.route ? [item('routing', 'route', words.route)] : []),
    item('export', 'download', words.transcript),
  ];
  return (
    <div class="actions">
      {may.serve && (
        <>
          <Button dialog="transfer" icon="transfer" label={words.transfer} waits={waits} />
          {isSnoozed ? (
            <button type="button" class="button" disabled={waits} title={words.wake} onClick={wake}>
              <Icon name="snooze" size={15} />
              <span>{words.wake}</span>
            </button>
          ) : (
            <Button dialog="snooze" icon="snooze" label={words.snooze} waits={waits} />
          )}
          <Button dialog="resolve" icon="check" label={m.actions.resolve} waits={waits} primary />
        </>
      )}
      <Menu label={words.more} items={more} class="icon-button more" asked={moreAsked} disabled={waits}>
        <Icon name="more" size={18} />
      </Menu>
    </div>
  );
}

function takeOverWords({ takeOver }: Permitted, words: { readonly takeOver: string; readonly reopen: string }): string {
  return takeOver === 'resolved' ? words.reopen : words.takeOver;
}

function Button(props: {
  dialog: Dialog;
  icon: IconName;
  label: string;
  waits: boolean;
  primary?: boolean;
}): JSX.Element {
  const { dialog, icon, label, waits, primary = false } = props;
  const { show } = useSurroundings();
  return (
    <button
      type="button"
      class={primary ? 'button button-primary' : 'button'}
      disabled={waits}
      title={label}
      onClick={() => show(dialog)}
    >
      <Icon name={icon} size={15} />
      <span>{label}</span>
    </button>
  );
}
