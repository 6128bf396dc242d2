import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { matching } from '../../../../web/canned-replies.ts';
import type { CannedView as Reply } from '../../../desk-api.ts';
import type { CannedBody } from '../../../supervision-api.ts';
import type { FormKey } from '../../forms.ts';
import { useStore } from '../../store.ts';
import { cannedKey, newCannedKey } from '../../supervision.ts';
import { Empty } from '../empty.tsx';
import { Icon } from '../icons.tsx';
import { useAgent, useSurroundings } from '../surroundings.ts';
import { useDirectory } from './directory.ts';
import { SelectField, TextField, type Option } from './fields.tsx';
import { FormFrame } from './form.tsx';
import { Action, Confirmed, Read } from './parts.tsx';

/** What agents say again and again. */
export function CannedView(): JSX.Element {
  const { desk, m } = useSurroundings();
  const { canned, forms } = useStore(desk.supervision.store);
  const [query, setQuery] = useState('');
  const adding = forms[newCannedKey] !== undefined;
  const c = m.supervision.canned;
  return (
    <>
      <div class="knowledge-intro">
        <p>{c.intro}</p>
        {!adding && <Action icon="plus" label={c.add} primary onClick={() => desk.supervision.beginCanned(null)} />}
      </div>
      {adding && (
        <section class="panel" aria-label={c.add}>
          <h2>{c.add}</h2>
          <CannedForm formKey={newCannedKey} id={null} />
        </section>
      )}
      <label class="search-box">
        <Icon name="search" />
        <input
          type="search"
          value={query}
          placeholder={c.search}
          aria-label={c.search}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      </label>
      <Read loaded={canned} rows={5}>
        {(replies) => {
          const found = matching(query, replies);
          if (replies.length === 0) return adding ? null : <Empty icon="quote" title={c.empty[0]} text={c.empty[1]} />;
          if (found.length === 0) return <Empty icon="search" title={c.nothing[0]} text={c.nothing[1]} />;
          return (
            <ul class="panel replies">
              {found.map((reply) => (
                <ReplyRow reply={reply} key={reply.id} />
              ))}
            </ul>
          );
        }}
      </Read>
    </>
  );
}

function ReplyRow({ reply }: { reply: Reply }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { forms, busy } = useStore(desk.supervision.store);
  const { groupName } = useDirectory();
  const mayChange = useMayChange();
  const { id, shortcut, title, text, groupId, uses } = reply;
  const key = cannedKey(id);
  const c = m.supervision.canned;
  return (
    <li class="reply" data-item={id} tabIndex={-1}>
      <div class="reply-head">
        <code class="shortcut">/{shortcut}</code>
        <strong dir="auto">{title}</strong>
        <span class="fine-print">
          {groupId !== null && `${groupName(groupId)} · `}
          {c.uses(uses)}
        </span>
        {mayChange(groupId) ? (
          <span class="row-actions">
            {forms[key] === undefined && (
              <Action icon="edit" label={m.supervision.form.edit} onClick={() => desk.supervision.beginCanned(reply)} />
            )}
            <Confirmed
              label={c.remove}
              really={c.reallyRemove}
              disabled={busy.has(id)}
              onConfirm={() => void desk.supervision.removeCanned(id)}
            />
          </span>
        ) : (
          <span class="fine-print row-actions">{c.readOnly}</span>
        )}
      </div>
      {forms[key] === undefined ? (
        <p class="reply-text" dir="auto">
          {text}
        </p>
      ) : (
        <CannedForm formKey={key} id={id} />
      )}
    </li>
  );
}

/** Supervisors change all, editors those for everybody. */
function useMayChange(): (groupId: string | null) => boolean {
  const agent = useAgent();
  return (groupId) => agent?.role === 'supervisor' || (agent?.role === 'editor' && groupId === null);
}

function CannedForm({ formKey, id }: { formKey: FormKey<CannedBody>; id: string | null }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { groups } = useDirectory();
  const mayChange = useMayChange();
  const element = useRef<HTMLDivElement>(null);
  const c = m.supervision.canned;

  /** Puts what stands for a name where the cursor is. */
  function insert(word: string, value: CannedBody, change: (value: CannedBody) => void) {
    const field = element.current?.querySelector('textarea');
    const at = field?.selectionStart ?? value.text.length;
    const to = field?.selectionEnd ?? at;
    change({ ...value, text: value.text.slice(0, at) + word + value.text.slice(to) });
    field?.focus();
  }

  return (
    <FormFrame
      formKey={formKey}
      onSave={() => void desk.supervision.saveCanned(id)}
      onLeave={() => desk.supervision.forms.drop(formKey)}
    >
      {(value, change) => (
        <>
          <div class="fields-grid">
            <TextField
              path="title"
              label={c.name}
              value={value.title}
              maxLength={60}
              autofocus
              onChange={(title) => change({ ...value, title })}
            />
            <TextField
              path="shortcut"
              label={c.shortcut}
              hint={c.shortcutHint}
              value={value.shortcut}
              maxLength={31}
              onChange={(shortcut) => change({ ...value, shortcut })}
            />
            {mayChange('') && (
              <SelectField
                path="groupId"
                label={c.group}
                value={value.groupId ?? ''}
                options={[['', c.everybody], ...groups.map((group): Option => [group.id, group.name])]}
                onChange={(groupId) => change({ ...value, groupId: groupId || null })}
              />
            )}
          </div>
          <div ref={element}>
            <TextField
              path="text"
              label={c.text}
              rows={4}
              value={value.text}
              maxLength={2000}
              onChange={(text) => change({ ...value, text })}
            />
          </div>
          <p class="placeholders">
            <span>{c.placeholders}</span>
            <button type="button" class="choice-chip" onClick={() => insert('{{customer}}', value, change)}>
              {c.customer}
            </button>
            <button type="button" class="choice-chip" onClick={() => insert('{{agent}}', value, change)}>
              {c.agent}
            </button>
          </p>
        </>
      )}
    </FormFrame>
  );
}
