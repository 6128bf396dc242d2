import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AgentSelf } from '../../api.ts';
import { serves } from '../desk.ts';
import { hashOf, startOf, type KnowledgePlace, type Place } from '../places.ts';
import { useStore } from '../store.ts';
import { supervisionStart } from '../supervision-places.ts';
import { viewsFor } from '../supervision.ts';
import { Icon, type IconName } from './icons.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { MyStatus } from './my-status.tsx';
import { useSurroundings } from './surroundings.ts';

/** The narrow column on the left: the sections, how the page looks and sounds, and who I am. */
export function Rail({ place }: { place: KnowledgePlace | null }): JSX.Element {
  const { desk, state, m, settings, alerts, show } = useSurroundings();
  const { theme, sound } = useStore(settings);
  const [permission, setPermission] = useState(alerts.permission());
  const agent = state.session.kind === 'signed_in' ? state.session.agent : null;
  const themes = { auto: 'light', light: 'dark', dark: 'auto' } as const;
  const themeIcons = { auto: 'auto', light: 'sun', dark: 'moon' } as const;
  const notifyLabel =
    permission === 'granted' ? m.rail.notifyOn : permission === 'denied' ? m.rail.notifyDenied : m.rail.notifyOff;

  function toggleSound() {
    // Heard at once, so that the agent knows it; and browsers allow sound only after a click.
    if (!sound) alerts.chime();
    settings.set({ sound: !sound });
  }

  function signOut() {
    if (!desk.supervision.hasUnsaved() || confirm(m.supervision.form.leave)) void desk.signOut();
  }

  return (
    <nav class="rail" aria-label={m.rail.account}>
      <span class="brand-mark" aria-hidden="true">
        <Icon name="chat" size={20} />
      </span>
      {agent && <Sections agent={agent} place={place} />}
      {agent && serves(agent) && (
        <span class={`online online-${state.connection}`} title={m.rail.online(state.agentsOnline)}>
          <span class="dot" aria-hidden="true" />
          <span aria-hidden="true">{state.agentsOnline}</span>
          <span class="sr-only">{m.rail.online(state.agentsOnline)}</span>
        </span>
      )}
      <span class="rail-gap" />
      {agent && serves(agent) && (
        <>
          <RailButton
            icon={sound ? 'sound' : 'mute'}
            label={sound ? m.rail.soundOn : m.rail.soundOff}
            pressed={sound}
            onClick={toggleSound}
          />
          {permission !== 'unsupported' && (
            <RailButton
              icon={permission === 'granted' ? 'bell' : 'bellOff'}
              label={notifyLabel}
              disabled={permission !== 'default'}
              onClick={() => void alerts.askPermission().then(() => setPermission(alerts.permission()))}
            />
          )}
        </>
      )}
      <RailButton
        icon={themeIcons[theme]}
        label={`${m.rail.theme}: ${m.rail.themes[theme]}`}
        onClick={() => settings.set({ theme: themes[theme] })}
      />
      <RailButton icon="keyboard" label={`${m.rail.keys} (?)`} onClick={() => show('keys')} class="wide-only" />
      <LanguageSwitch />
      <RailButton icon="signOut" label={m.rail.signOut} onClick={signOut} />
      {agent && <MyStatus agent={agent} />}
    </nav>
  );
}

/** The sections, as links: the address says which one is shown. */
function Sections({ agent, place }: { agent: AgentSelf; place: KnowledgePlace | null }): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const { place: supervised } = useStore(desk.supervision.store);
  const waiting = state.counts?.queue ?? 0;
  const [firstView] = viewsFor(agent);
  const elsewhere = place !== null || supervised !== null;
  return (
    <>
      {serves(agent) && (
        <RailLink
          icon="inbox"
          label={m.rail.conversations}
          place={desk.conversationsPlace()}
          current={!elsewhere}
          count={elsewhere ? waiting : 0}
        />
      )}
      <RailLink
        icon="book"
        label={m.knowledge.title}
        place={{ kind: 'knowledge', ...(place ?? startOf('ask')) }}
        current={place !== null && supervised === null}
        count={0}
      />
      {firstView && (
        <RailLink
          icon={firstView === 'board' ? 'board' : 'quote'}
          label={firstView === 'board' ? m.supervision.title : m.supervision.views[firstView]}
          place={{ kind: 'supervision', ...(supervised ?? supervisionStart(firstView)) }}
          current={supervised !== null}
          count={0}
        />
      )}
    </>
  );
}

function RailLink(props: {
  icon: IconName;
  label: string;
  place: Place;
  current: boolean;
  /** Who waits there, unseen from here. */
  count: number;
}): JSX.Element {
  const { icon, label, place, current, count } = props;
  return (
    <a
      class="icon-button rail-link"
      href={hashOf(place) || '#'}
      title={label}
      aria-current={current ? 'page' : undefined}
    >
      <Icon name={icon} size={20} />
      <span class="sr-only">{label}</span>
      {count > 0 && <span class="badge-count"> {count > 99 ? '99+' : count}</span>}
    </a>
  );
}

function RailButton(props: {
  icon: IconName;
  label: string;
  onClick: () => void;
  pressed?: boolean;
  disabled?: boolean;
  class?: string;
}): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ''}`}
      title={props.label}
      aria-label={props.label}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} size={18} />
    </button>
  );
}
