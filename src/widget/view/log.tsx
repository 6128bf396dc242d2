import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { dayOf, sameDay } from '../../web/dates.ts';
import { fill } from '../../web/locale.ts';
import type { StatusLine, Typing } from '../activity.ts';
import type { ChatState } from '../chat.ts';
import type { Messages } from '../messages/index.ts';
import { agentOf, newest, openChoices, rowsOf, type Transcript } from '../transcript.ts';
import { Avatar } from './avatar.tsx';
import { hasSomething } from './banners.tsx';
import { useDesk } from './desk.ts';
import { BotIcon, DownIcon } from './icons.tsx';
import { MessageRow } from './message.tsx';
import { ratedWords, SurveyCard } from './survey.tsx';

/** The conversation, newest below, kept at its end unless the customer has scrolled up to read. */
export function Log({ state, open }: { state: ChatState; open: boolean }): VNode {
  const { chat, t, locale } = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { transcript } = state;
  const { atEnd, missed, toEnd } = useStickToEnd(box, content, { open, newest: newest(transcript) });
  useReadMarker(box, { open, transcript });
  const rows = rowsOf(transcript, sameDay);
  const choices = state.link === 'idle' ? [] : openChoices(transcript);
  const lastSaid = transcript.outgoing[transcript.outgoing.length - 1]?.clientId;

  // What the customer just said is worth seeing, wherever they had scrolled.
  useEffect(() => {
    if (lastSaid) toEnd();
  }, [lastSaid]);

  return (
    <div class="log-frame">
      <div
        ref={box}
        class="log"
        tabIndex={0}
        role="log"
        aria-label={t.log}
        aria-live={state.caughtUp ? 'polite' : 'off'}
      >
        <div ref={content} class="log-content">
          {!hasSomething(state) && <Empty state={state} />}
          {rows.map((row) => {
            switch (row.kind) {
              case 'day':
                return (
                  <div key={row.key} class="day">
                    <span>{dayOf(row.at, Date.now(), locale)}</span>
                  </div>
                );
              case 'status':
                return (
                  <div key={row.key} class="status">
                    <span>{statusWords(row.line, t)}</span>
                  </div>
                );
              case 'rated':
                return (
                  <div key={row.key} class="status">
                    <span>{ratedWords(row.score, row.survey, t)}</span>
                  </div>
                );
              case 'message':
                return <MessageRow key={row.key} row={row} verdicts={state.verdicts} />;
            }
          })}
          {transcript.typing && <TypingRow typing={transcript.typing} agent={agentOf(transcript)} />}
          <SurveyCard state={state} />
          {choices.length > 0 && (
            <div class="choices" role="group" aria-label={t.choices}>
              {choices.map(({ kind, title, value }) => (
                <button type="button" class="choice" data-kind={kind} data-goes onClick={() => chat.say(value)}>
                  {title}
                </button>
              ))}
            </div>
          )}
        </div>
      </div>
      {!atEnd && (
        <button
          type="button"
          class="to-end"
          data-goes
          onClick={toEnd}
          aria-label={missed ? undefined : t.toBottom}
          title={t.toBottom}
        >
          <DownIcon size={18} />
          {missed && <span>{t.newMessages}</span>}
        </button>
      )}
    </div>
  );
}

function Empty({ state }: { state: ChatState }): VNode {
  const { chat, t } = useDesk();
  if (state.link === 'unreachable' || state.link === 'offline') {
    return (
      <div class="empty" role="alert">
        <span class="empty-icon" data-tone="sad" aria-hidden="true">
          <BotIcon size={34} />
        </span>
        <h3>{t.unreachableTitle}</h3>
        <p>{state.link === 'offline' ? t.offline : t.unreachableText}</p>
        {state.link === 'unreachable' && (
          <button type="button" class="quiet-button" onClick={() => chat.reconnect()}>
            {t.tryNow}
          </button>
        )}
      </div>
    );
  }
  return (
    <div class="empty">
      <span class="empty-icon" aria-hidden="true">
        <BotIcon size={34} />
      </span>
      <h3>{t.emptyTitle}</h3>
      <p>{t.emptyText}</p>
      {state.link !== 'online' && <p class="empty-connecting">{t.connecting}</p>}
    </div>
  );
}

function TypingRow({ typing, agent }: { typing: Typing; agent: string | null }): VNode {
  const { t } = useDesk();
  const name = typing.name ?? agent ?? t.bot;
  return (
    <div class="row" data-side="theirs" data-first="true">
      <Avatar author={agent ? 'agent' : 'bot'} name={typing.name ?? agent} />
      <div class="bubbles">
        <div class="bubble typing">
          <span class="unseen">{fill(t.typing, { name })}</span>
          <i />
          <i />
          <i />
        </div>
      </div>
    </div>
  );
}

function statusWords({ state, cause, agent }: StatusLine, t: Messages): string {
  switch (state) {
    case 'queued':
      if (cause === 'dropped') return agent ? fill(t.statusDropped, { name: agent }) : t.statusDroppedNameless;
      if (cause === 'transfer') return t.statusTransferred;
      return cause === 'reopen' ? t.statusReturned : t.statusQueued;
    case 'accepted':
      if (!agent) return t.statusAcceptedNameless;
      return fill(cause === 'takeover' ? t.statusTakenOver : t.statusAccepted, { name: agent });
    case 'completed':
      if (cause === 'merge') return t.statusMerged;
      return agent || cause === null ? t.statusCompleted : t.statusIdle;
    case 'bot':
      if (cause === 'cancel') return t.statusCancelled;
      return cause === 'return' ? t.statusGivenBack : t.statusBot;
  }
}

/**
 * Stays at the end while the content grows (messages, images that load), unless the reader left it. An answer longer
 * than the box is shown from its beginning.
 */
function useStickToEnd(
  box: { current: HTMLElement | null },
  content: { current: HTMLElement | null },
  { open, newest: last }: { open: boolean; newest: number },
) {
  const [atEnd, setAtEnd] = useState(true);
  const sticks = useRef(true);
  const seenThrough = useRef(last);
  if (atEnd) seenThrough.current = last;
  const jump = () => {
    const element = box.current;
    if (!element || !sticks.current) return;
    const end = element.scrollHeight - element.clientHeight;
    const rows = content.current?.querySelectorAll<HTMLElement>('.row, .survey');
    const row = rows?.[rows.length - 1];
    element.scrollTop = row?.dataset.side === 'theirs' ? Math.min(end, row.offsetTop - 12) : end;
  };
  useLayoutEffect(jump);
  useEffect(() => {
    const element = box.current;
    if (!element || !content.current || !open) return;
    const look = () => {
      sticks.current = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
      setAtEnd(sticks.current);
    };
    element.addEventListener('scroll', look, { passive: true });
    const growth = new ResizeObserver(jump);
    growth.observe(content.current);
    growth.observe(element);
    jump();
    return () => {
      element.removeEventListener('scroll', look);
      growth.disconnect();
    };
  }, [open]);
  const toEnd = () => {
    sticks.current = true;
    setAtEnd(true);
    box.current?.scrollTo({ top: box.current.scrollHeight });
  };
  return { atEnd, missed: last > seenThrough.current, toEnd };
}

/** Tells the desk when the newest message of the bot's or the agent's has come before the customer's eyes. */
function useReadMarker(
  box: { current: HTMLElement | null },
  { open, transcript }: { open: boolean; transcript: Transcript },
): void {
  const { chat } = useDesk();
  useEffect(() => {
    const element = box.current;
    if (!element || !open) return;
    const look = () => {
      const rows = element.querySelectorAll<HTMLElement>('.row[data-id]');
      const row = rows[rows.length - 1];
      if (row?.dataset.id && !document.hidden && isWithin(row, element)) chat.read(row.dataset.id);
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    document.addEventListener('visibilitychange', look);
    return () => {
      element.removeEventListener('scroll', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [open, transcript]);
}

/** Whether at least a line of the row is in the visible part of the box. */
function isWithin(row: HTMLElement, box: HTMLElement): boolean {
  const line = 24;
  const top = row.offsetTop - box.scrollTop;
  return top + line <= box.clientHeight && top + row.offsetHeight >= line;
}
