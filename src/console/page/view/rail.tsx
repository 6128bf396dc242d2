import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useStore } from '../store.ts';
import { Avatar } from './avatar.tsx';
import { Icon, type IconName } from './icons.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { useSurroundings } from './surroundings.ts';

/** The narrow column on the left: who I am, and how the page looks and sounds. */
export function Rail(): JSX.Element {
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

  return (
    <nav class="rail" aria-label={m.rail.account}>
      <span class="brand-mark" aria-hidden="true">
        <Icon name="chat" size={20} />
      </span>
      <span class={`online online-${state.connection}`} title={m.rail.online(state.agentsOnline)}>
        <span class="dot" aria-hidden="true" />
        <span aria-hidden="true">{state.agentsOnline}</span>
        <span class="sr-only">{m.rail.online(state.agentsOnline)}</span>
      </span>
      <span class="rail-gap" />
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
      <RailButton
        icon={themeIcons[theme]}
        label={`${m.rail.theme}: ${m.rail.themes[theme]}`}
        onClick={() => settings.set({ theme: themes[theme] })}
      />
      <RailButton icon="keyboard" label={`${m.rail.keys} (?)`} onClick={() => show('keys')} class="wide-only" />
      <LanguageSwitch />
      <RailButton icon="signOut" label={m.rail.signOut} onClick={() => void desk.signOut()} />
      {agent && (
        <span class="rail-me" title={`${agent.name} · ${m.rail.roles[agent.role]} · ${agent.email}`}>
          <Avatar id={agent.id} name={agent.name} />
          <span class="sr-only">{agent.name}</span>
        </span>
      )}
    </nav>
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
