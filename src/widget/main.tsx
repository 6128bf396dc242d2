import { render } from 'preact';
import { browserPorts } from './browser.ts';
import { createChat } from './chat.ts';
import { readSettings, type Settings } from './settings.ts';
import { Widget, type Remote } from './view/widget.tsx';
import css from './widget.css?inline';

declare global {
  interface Window {
    /** For the owner's page: `zhike.open()`, `zhike.close()`, `zhike.ask('运费多少？')`. */
    zhike?: Remote;
  }
}

const script = ownScript();
if (script && !window.zhike) {
  const settings = readSettings(script, navigator);
  if (document.body) mount(settings);
  else document.addEventListener('DOMContentLoaded', () => mount(settings));
}

/** The tag that loaded us; a loader that made the tag by hand may have hidden it from `currentScript`. */
function ownScript(): HTMLScriptElement | null {
  const { currentScript } = document;
  if (currentScript instanceof HTMLScriptElement && currentScript.src) return currentScript;
  return document.querySelector<HTMLScriptElement>('script[src*="/widget.js"]');
}

function mount(settings: Settings): void {
  const host = document.createElement('div');
  host.id = 'zhike-widget';
  host.lang = settings.locale;
  const root = host.attachShadow({ mode: 'open' });
  addStyle(root);
  // The page's own shortcuts must not hear what a customer types.
  for (const type of ['keydown', 'keypress', 'keyup']) root.addEventListener(type, (event) => event.stopPropagation());
  document.body.append(host);

  const foreign = settings.server !== location.origin;
  const ports = browserPorts(`zhike:${settings.server}`);
  const chat = createChat({ server: settings.server, locale: settings.locale, foreign, ports });
  addEventListener('online', () => chat.reconnect());
  addEventListener('offline', () => chat.networkLost());
  whenLookedAtAgain((afterMs) => chat.lookedAtAgain(afterMs));

  const ready = (remote: Remote) => {
    window.zhike = remote;
    document.addEventListener('click', (event) => askFor(event, remote));
  };
  render(<Widget chat={chat} settings={settings} host={host} ready={ready} />, root);
}

/** A style sheet made by script needs no permission in the page's Content-Security-Policy; a style element does. */
function addStyle(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement('style');
    style.textContent = css;
    root.append(style);
  }
}

function whenLookedAtAgain(run: (afterMs: number) => void): void {
  let hiddenAt = document.hidden ? Date.now() : null;
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && hiddenAt !== null) run(Date.now() - hiddenAt);
    hiddenAt = document.hidden ? Date.now() : null;
  });
}

/** `<button data-zhike-ask="运费多少？">` anywhere on the page asks that; without a question it opens the chat. */
function askFor(event: MouseEvent, remote: Remote): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-zhike-ask]') : null;
  if (!button) return;
  event.preventDefault();
  const question = button.dataset.zhikeAsk?.trim();
  if (question) remote.ask(question);
  else remote.open();
}
