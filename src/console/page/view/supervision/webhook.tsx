import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fullTime } from '../../../../web/dates.ts';
import type { DeliveryView } from '../../../supervision-api.ts';
import { agoText } from '../../durations.ts';
import { secretText } from '../../secrets.ts';
import { hashOf } from '../../places.ts';
import { useNow, useStore } from '../../store.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { TextField } from './fields.tsx';
import { Confirmed, Panel, Read } from './parts.tsx';
import type { SectionFields } from './settings.tsx';

/** Where events of handoffs go, and what signs them. */
export function WebhookForm({ value, change }: SectionFields<'webhook'>): JSX.Element {
  const { m } = useSurroundings();
  const [shown, show] = useState(false);
  const { url, secret, hasSecret } = value;
  const w = m.supervision.webhook;
  const write = (typed: string) => change({ ...value, secret: typed });
  return (
    <>
      <TextField
        path="url"
        label={w.url}
        hint={w.urlHint}
        type="url"
        placeholder="https://"
        value={url ?? ''}
        onChange={(typed) => change({ ...value, url: typed.trim() === '' ? null : typed })}
      />
      <div class="field-with-buttons">
        <TextField
          path="secret"
          label={w.secret}
          hint={w.secretHint}
          type={shown ? 'text' : 'password'}
          placeholder={hasSecret ? w.secretKept : ''}
          class="mono"
          value={secret}
          onChange={write}
        />
        <button
          type="button"
          class="button"
          onClick={() => {
            write(secretText());
            show(true);
          }}
        >
          {w.generate}
        </button>
        <button type="button" class="button" aria-pressed={shown} onClick={() => show(!shown)}>
          {shown ? m.supervision.agents.hide : m.supervision.agents.show}
        </button>
      </div>
    </>
  );
}

/** What was told, and what could not be. */
export function Deliveries(): JSX.Element {
  const { desk, m, locale, state } = useSurroundings();
  const { deliveries } = useStore(desk.supervision.store);
  const now = useNow(false) + state.clockOffset;
  const w = m.supervision.webhook;
  return (
    <Read loaded={deliveries} rows={1}>
      {({ dead, figures }) => (
        <>
          <dl class="figures" aria-label={w.figures}>
            <div class="figure">
              <dt>{w.pending}</dt>
              <dd>
                <strong>{figures.pending}</strong>
                {figures.oldestPendingAt !== null && (
                  <small>{w.oldest(agoText(now - figures.oldestPendingAt, m))}</small>
                )}
              </dd>
            </div>
            <div class="figure">
              <dt>{w.dead}</dt>
              <dd>
                <strong class={figures.dead > 0 ? 'figure-bad' : ''}>{figures.dead}</strong>
              </dd>
            </div>
            <div class="figure">
              <dt>{w.lastDelivered}</dt>
              <dd>
                {figures.lastDeliveredAt === null ? (
                  <strong class="figure-unknown">{w.never}</strong>
                ) : (
                  <strong title={fullTime(figures.lastDeliveredAt, locale)}>
                    {agoText(now - figures.lastDeliveredAt, m)}
                  </strong>
                )}
              </dd>
            </div>
          </dl>
          <Panel title={w.deadTitle} count={dead.length}>
            {dead.length === 0 ? (
              <p class="all-well">
                <Icon name="check" />
                {w.noDead}
              </p>
            ) : (
              <>
                <p class="fine-print">{w.deadHint}</p>
                <ul class="rows">
                  {dead.map((delivery) => (
                    <Dead delivery={delivery} now={now} key={delivery.id} />
                  ))}
                </ul>
              </>
            )}
          </Panel>
        </>
      )}
    </Read>
  );
}

function Dead({ delivery, now }: { delivery: DeliveryView; now: number }): JSX.Element {
  const { desk, m, locale } = useSurroundings();
  const { busy } = useStore(desk.supervision.store);
  const { id, event, conversationId, attempts, diedAt, error } = delivery;
  const w = m.supervision.webhook;
  return (
    <li class="row" data-item={id} tabIndex={-1}>
      <div class="row-main">
        <p class="row-title">
          <strong class="mono">{event}</strong>
          <a href={hashOf({ kind: 'conversations', conversationId })}>{m.supervision.board.watch}</a>
        </p>
        <p class="row-text">{error}</p>
        <p class="fine-print">
          {w.attempts(attempts)} · <time title={fullTime(diedAt, locale)}>{agoText(now - diedAt, m)}</time>
        </p>
      </div>
      <div class="row-actions">
        <button
          type="button"
          class="button"
          disabled={busy.has(id)}
          onClick={() => void desk.supervision.retryDelivery(id)}
        >
          <Icon name="retry" size={14} />
          {w.retry}
        </button>
        <Confirmed
          label={w.discard}
          really={w.reallyDiscard}
          disabled={busy.has(id)}
          onConfirm={() => void desk.supervision.discardDelivery(id)}
        />
      </div>
    </li>
  );
}
