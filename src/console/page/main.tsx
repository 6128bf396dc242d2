import { render } from 'preact';
import { createAlerts } from './alerts.ts';
import { createAnnouncing, createTold } from './announcing.ts';
import { createClient } from './client.ts';
import { sendFile } from './composing/send-file.ts';
import { createDesk } from './desk.ts';
import { createDrafts } from './drafts.ts';
import { connectLive } from './live.ts';
import { messagesIn } from './messages/choose.ts';
import { conversationOf } from './news.ts';
import { hashOf, isSamePage, placeOf } from './places.ts';
import { createSettings } from './settings.ts';
import { App } from './view/app.tsx';
import { newsText } from './view/news-words.ts';

const settings = createSettings(localStorage, navigator.languages);
const alerts = createAlerts();
const desk = createDesk({
  client: createClient((...request) => fetch(...request)),
  connect: connectLive,
  draftsOf: (agentId) => createDrafts(localStorage, agentId),
  files: {
    send: sendFile,
    previewOf: (file) => (file.type.startsWith('image/') ? URL.createObjectURL(file) : null),
    forget: (preview) => URL.revokeObjectURL(preview),
  },
  now: () => Date.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  newId: () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  announce: (news) => void announce(news),
});

const announce = createAnnouncing({
  alerts,
  told: createTold({ storage: localStorage, locks: navigator.locks ?? null, now: () => Date.now() }),
  sound: () => settings.get().sound,
  say: (news) => newsText(news, messagesIn(settings.get().locale)),
  open: (news) => desk.open(conversationOf(news)),
});

// The place is in the address: it can be linked, the browser's back button leads to the one before, a reload to the same.
let arriving = false;
function arrive() {
  arriving = true;
  desk.go(placeOf(location.hash));
  arriving = false;
}
function keepAddress() {
  const place = desk.place();
  const shown = placeOf(location.hash);
  const hash = hashOf(place);
  if (hash === hashOf(shown)) return;
  // Who is led elsewhere than the address says must not be led there again by the back button.
  const replaces = arriving || isSamePage(place, shown);
  history[replaces ? 'replaceState' : 'pushState'](null, '', hash || location.pathname);
}
arrive();
addEventListener('popstate', arrive);
desk.store.listen(keepAddress);
desk.knowledge.store.listen(keepAddress);
desk.supervision.store.listen(keepAddress);

// Drafts of messages are kept on the device; changes of the settings are not.
addEventListener('beforeunload', (event) => {
  if (desk.supervision.hasUnsaved()) event.preventDefault();
});

const root = document.getElementById('console');
if (root) render(<App desk={desk} settings={settings} alerts={alerts} />, root);
void desk.start();
