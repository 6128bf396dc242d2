import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../client.ts';
import type { Messages } from '../messages/messages.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { Icon } from './icons.tsx';
import { useSurroundings } from './surroundings.ts';

export function SignIn(): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const because = state.session.kind === 'signed_out' ? state.session.because : null;
  useEffect(() => email.current?.focus(), []);

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await desk.signIn(email.current?.value.trim() ?? '', password.current?.value ?? '');
    } catch (thrown) {
      setError(reasonOf(thrown, m));
      password.current?.select();
    } finally {
      setBusy(false);
    }
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={submit} aria-busy={busy}>
        <div class="brand">
          <span class="brand-mark" aria-hidden="true">
            <Icon name="chat" size={22} />
          </span>
          <div>
            <h1>{m.signIn.title}</h1>
            <p>{m.tagline}</p>
          </div>
        </div>
        {because && !error && (
          <p class="callout callout-warn" role="status">
            <Icon name="info" />
            {because === 'expired' ? m.signIn.expired : m.signIn.failed}
          </p>
        )}
        <label class="field">
          <span>{m.signIn.email}</span>
          <input
            ref={email}
            type="email"
            name="email"
            autocomplete="username"
            required
            maxLength={254}
            spellcheck={false}
          />
        </label>
        <label class="field">
          <span>{m.signIn.password}</span>
          <input
            ref={password}
            {...(shown ? { type: 'text' as const } : { type: 'password' as const })}
            name="password"
            autocomplete="current-password"
            required
            maxLength={1024}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
          <span>{m.signIn.show}</span>
        </label>
        {error && (
          <p class="callout callout-bad" role="alert">
            <Icon name="warn" />
            {error}
          </p>
        )}
        <button class="button button-primary button-wide" type="submit" disabled={busy}>
          {busy ? m.signIn.submitting : m.signIn.submit}
        </button>
        <p class="fine-print">{m.signIn.firstTime}</p>
      </form>
      <LanguageSwitch />
    </main>
  );
}

function reasonOf(error: unknown, m: Messages): string {
  if (!(error instanceof ApiError)) return m.signIn.failed;
  if (error.status === 401 || error.status === 400) return m.signIn.wrong;
  return error.status === 503 || error.status === 429 ? m.signIn.throttled : m.signIn.failed;
}
