import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AccountView } from '../../../supervision-api.ts';
import { passwordText } from '../../secrets.ts';
import { useStore } from '../../store.ts';
import { accountKey, newAccountKey } from '../../supervision.ts';
import { Avatar } from '../avatar.tsx';
import { useMyId, useSurroundings } from '../surroundings.ts';
import { useDirectory } from './directory.ts';
import { CheckField, ChipChoices, NumberField, SelectField, TextField, type Option } from './fields.tsx';
import { FormFrame } from './form.tsx';
import { Action, Read, StatusWord } from './parts.tsx';

/** Everybody with an account. */
export function AgentsView(): JSX.Element {
  const { desk, m } = useSurroundings();
  const { accounts, forms } = useStore(desk.supervision.store);
  const adding = forms[newAccountKey] !== undefined;
  const a = m.supervision.agents;
  return (
    <>
      <div class="knowledge-intro">
        <p>{a.intro}</p>
        {!adding && <Action icon="plus" label={a.add} primary onClick={() => desk.supervision.beginAccount(null)} />}
      </div>
      {adding && <NewAccount />}
      <Read loaded={accounts} rows={4}>
        {(value) => (
          <ul class="people">
            {[...value.accounts].sort(byUse).map((account) => (
              <Account account={account} usual={value.defaultCapacity} key={account.id} />
            ))}
          </ul>
        )}
      </Read>
    </>
  );
}

/** Those who can't sign in any more come last. */
function byUse(a: AccountView, b: AccountView): number {
  return Number(a.disabled) - Number(b.disabled);
}

const roles = ['agent', 'editor', 'supervisor'] as const;

function NewAccount(): JSX.Element {
  const { desk, m } = useSurroundings();
  const a = m.supervision.agents;
  return (
    <section class="panel" aria-label={a.add}>
      <h2>{a.add}</h2>
      <FormFrame
        formKey={newAccountKey}
        onSave={() => void desk.supervision.addAccount()}
        onLeave={() => desk.supervision.forms.drop(newAccountKey)}
      >
        {(value, change) => (
          <>
            <div class="fields-grid">
              <TextField
                path="name"
                label={a.name}
                value={value.name}
                maxLength={100}
                autofocus
                onChange={(name) => change({ ...value, name })}
              />
              <TextField
                path="email"
                label={a.email}
                type="email"
                value={value.email}
                maxLength={254}
                onChange={(email) => change({ ...value, email })}
              />
              <RoleField value={value.role} onChange={(role) => change({ ...value, role })} />
            </div>
            <PasswordField
              label={a.password}
              hint={a.passwordHint}
              value={value.password}
              onChange={(password) => change({ ...value, password })}
            />
          </>
        )}
      </FormFrame>
    </section>
  );
}

function Account({ account, usual }: { account: AccountView; usual: number }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { forms } = useStore(desk.supervision.store);
  const { groupName } = useDirectory();
  const myId = useMyId();
  const { id, name, email, role, disabled, status, capacity, groups } = account;
  const editing = forms[accountKey(id)] !== undefined;
  const a = m.supervision.agents;
  const serves = role !== 'editor';
  return (
    <li class={disabled ? 'panel person is-disabled' : 'panel person'} data-item={id} tabIndex={-1}>
      <div class="person-head">
        <Avatar id={id} name={name} />
        <div class="row-main">
          <p class="row-title">
            <strong dir="auto">{name}</strong>
            <span class="tag tag-plain">{m.rail.roles[role]}</span>
            {id === myId && <span class="fine-print">{a.me}</span>}
            {disabled ? (
              <span class="tag tag-priority-urgent">{a.disabled}</span>
            ) : (
              serves && <StatusWord status={status} />
            )}
          </p>
          <p class="fine-print">
            {email}
            {serves && ` · ${a.capacityOf(capacity ?? usual)}`}
            {serves && groups.length > 0 && ` · ${groups.map(groupName).join('、')}`}
          </p>
        </div>
        {!editing && (
          <Action icon="edit" label={m.supervision.form.edit} onClick={() => desk.supervision.beginAccount(account)} />
        )}
      </div>
      {editing && <AccountForm account={account} usual={usual} />}
    </li>
  );
}

function AccountForm({ account: { id }, usual }: { account: AccountView; usual: number }): JSX.Element {
  const { desk, m } = useSurroundings();
  const directory = useDirectory();
  const isMe = useMyId() === id;
  const a = m.supervision.agents;
  const close = () => desk.supervision.forms.drop(accountKey(id));
  return (
    <FormFrame
      formKey={accountKey(id)}
      onSave={() => void desk.supervision.saveAccount(id).then((saved) => saved && close())}
      onLeave={close}
    >
      {(value, change) => (
        <>
          <div class="fields-grid">
            <TextField
              path="name"
              label={a.name}
              value={value.name}
              maxLength={100}
              autofocus
              onChange={(name) => change({ ...value, name })}
            />
            {/* Nobody takes their own rights away by mistake and is locked out. */}
            {!isMe && <RoleField value={value.role} onChange={(role) => change({ ...value, role })} />}
            {value.role !== 'editor' && (
              <NumberField
                path="capacity"
                label={a.capacity}
                hint={a.capacityHint(usual)}
                value={value.capacity}
                placeholder={String(usual)}
                onChange={(capacity) => change({ ...value, capacity })}
              />
            )}
          </div>
          {value.role !== 'editor' &&
            (directory.groups.length === 0 && value.groups.length === 0 ? (
              <p class="fine-print">{a.noGroups}</p>
            ) : (
              <ChipChoices
                label={a.groups}
                chosen={value.groups}
                options={directory.groups.map((group): Option => [group.id, group.name])}
                onChange={(groups) => change({ ...value, groups })}
              />
            ))}
          <PasswordField
            label={a.newPassword}
            hint={a.newPasswordHint}
            value={value.password}
            onChange={(password) => change({ ...value, password })}
          />
          {!isMe && (
            <CheckField
              label={a.disable}
              hint={a.disableHint}
              checked={value.disabled}
              onChange={(disabled) => change({ ...value, disabled })}
            />
          )}
        </>
      )}
    </FormFrame>
  );
}

type Role = (typeof roles)[number];

function RoleField({ value, onChange }: { value: Role; onChange: (role: Role) => void }): JSX.Element {
  const { m } = useSurroundings();
  const a = m.supervision.agents;
  return (
    <SelectField
      path="role"
      label={a.role}
      hint={a.roleHints[value]}
      value={value}
      options={roles.map((role): Option => [role, m.rail.roles[role]])}
      onChange={(chosen) => onChange(roles.find((role) => role === chosen) ?? 'agent')}
    />
  );
}

function PasswordField(props: {
  label: string;
  hint: string;
  value: string;
  onChange: (password: string) => void;
}): JSX.Element {
  const { m } = useSurroundings();
  const { label, hint, value, onChange } = props;
  const [shown, show] = useState(false);
  const a = m.supervision.agents;
  return (
    <div class="field-with-buttons">
      <TextField
        path="password"
        label={label}
        hint={shown && value !== '' ? a.tell : hint}
        type={shown ? 'text' : 'password'}
        class={shown ? 'mono' : ''}
        value={value}
        maxLength={256}
        onChange={onChange}
      />
      <button
        type="button"
        class="button"
        onClick={() => {
          onChange(passwordText());
          show(true);
        }}
      >
        {a.generate}
      </button>
      <button type="button" class="button" aria-pressed={shown} onClick={() => show(!shown)}>
        {shown ? a.hide : a.show}
      </button>
    </div>
  );
}
