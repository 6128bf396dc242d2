import { render } from 'preact';
import { createAlerts } from './alerts.ts';
import { createClient } from './client.ts';
import { createDesk } from './desk.ts';
import { createDrafts } from './drafts.ts';
import { connectLive } from './live.ts';
import { messagesIn } from './messages/choose.ts';
import { createSettings } from './settings.ts';
import { App } from './view/app.tsx';
import { nameOf } from './view/surroundings.ts';

const settings = createSettings(localStorage, navigator.languages);
const alerts = createAlerts();
const desk = createDesk({
  client: createClient((...request) => fetch(...request)),
  connect: connectLive,
  draftsOf: (agentId) => createDrafts(localStorage, agentId),
  now: () => Date.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  newId: () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  announce: (conversations) => {
    const { locale, sound } = settings.get();
    const m = messagesIn(locale);
    if (sound) alerts.chime();
    for (const { id, customer, reason, lastCustomerText } of conversations.slice(0, 3)) {
      const body = [reason && m.reasons[reason], lastCustomerText].filter(Boolean).join(' · ');
      alerts.notify({ title: m.newcomer(nameOf(customer, m)), body, tag: id, onOpen: () => desk.open(id) });
    }
  },
});

// The open conversation is in the address: the browser's back button leads to the list, a reload to the conversation.
const openInAddress = () => decodeURIComponent(location.hash.slice(1)) || null;
desk.open(openInAddress());
addEventListener('popstate', () => desk.open(openInAddress()));
desk.store.listen(() => {
  const id = desk.store.get().open?.id ?? null;
  if (id !== openInAddress())
    history.pushState(null, '', id === null ? location.pathname : `#${encodeURIComponent(id)}`);
});

const root = document.getElementById('console');
if (root) render(<App desk={desk} settings={settings} alerts={alerts} />, root);
void desk.start();
