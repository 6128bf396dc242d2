import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ProposalView } from '../../../knowledge-api.ts';
import { maxWording, proposalsLimit } from '../../../limits.ts';
import { serves } from '../../desk.ts';
import { agoText } from '../../durations.ts';
import { sends } from '../../keys.ts';
import { byArticle, keyOf } from '../../knowledge.ts';
import { hashOf } from '../../places.ts';
import { useNow, useStore } from '../../store.ts';
import { fullTime } from '../../../../web/dates.ts';
import { Empty } from '../empty.tsx';
import { Icon } from '../icons.tsx';
import { useAgent, useSurroundings } from '../surroundings.ts';
import { Read } from './parts.tsx';

/** Wordings of customers that people confirmed, by article, for an editor to accept or refuse. */
export function ProposalsView(): JSX.Element {
  const { desk, m } = useSurroundings();
  const { proposals } = useStore(desk.knowledge.store);
  const mayDecide = useMayDecide();
  const list = useRef<HTMLDivElement>(null);
  const decide = useDecisions(list, proposals.value);
  const p = m.knowledge.proposals;
  return (
    <>
      <div class="knowledge-intro">
        <p>{p.intro}</p>
        <p class="fine-print wide-only">{mayDecide ? p.keysHint : p.readOnly}</p>
      </div>
      <Read loaded={proposals} rows={4}>
        {(value) =>
          value.length === 0 ? (
            <Empty icon="tea" title={p.empty[0]} text={p.empty[1]} />
          ) : (
            <div class="groups" ref={list}>
              {byArticle(value).map(({ articleId, title, proposals: of }) => (
                <section class="panel" key={articleId} aria-label={title}>
                  <h2 title={articleId}>
                    <span class="group-title" dir="auto">
                      <Icon name="file" size={15} />
                      {title}
                    </span>
                    <small class="mono">{articleId}</small>
                  </h2>
                  <ul class="proposals">
                    {of.map((proposal) => (
                      <Proposal proposal={proposal} onDecide={decide} key={keyOf(proposal)} />
                    ))}
                  </ul>
                </section>
              ))}
              {value.length >= proposalsLimit && <p class="fine-print">{p.full(proposalsLimit)}</p>}
            </div>
          )
        }
      </Read>
    </>
  );
}

type Decide = (proposal: ProposalView, decision: 'accept' | 'refuse', text?: string) => void;

/** Decides, and puts the focus on what comes next: an editor goes through the list without the mouse. */
function useDecisions(list: { current: HTMLElement | null }, proposals: readonly ProposalView[] | null): Decide {
  const { desk } = useSurroundings();
  const next = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (next.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(next.current)}"]`)?.focus();
    next.current = null;
  }, [proposals]);
  return (proposal, decision, text) => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [])];
    const place = items.findIndex(({ dataset }) => dataset['item'] === keyOf(proposal));
    next.current = (items[place + 1] ?? items[place - 1])?.dataset['item'] ?? null;
    void desk.knowledge.decide(proposal, decision, text);
  };
}

/** Editors and supervisors; an agent looks. */
function useMayDecide(): boolean {
  return useAgent()?.role !== 'agent';
}

function Proposal({ proposal, onDecide }: { proposal: ProposalView; onDecide: Decide }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { editing } = useStore(desk.knowledge.store);
  const mayDecide = useMayDecide();
  const { question } = proposal;
  const key = keyOf(proposal);
  const p = m.knowledge.proposals;
  return (
    <li class="proposal" data-item={key} tabIndex={-1}>
      {editing?.key === key ? (
        <Editor proposal={proposal} text={editing.text} onDecide={onDecide} />
      ) : (
        <>
          <p class="proposal-words" dir="auto">
            {question}
          </p>
          {mayDecide && (
            <div class="proposal-actions">
              <button
                type="button"
                class="button button-primary"
                data-does="accept"
                onClick={() => onDecide(proposal, 'accept')}
              >
                <Icon name="check" size={15} />
                {p.accept}
              </button>
              <button type="button" class="button" data-does="edit" onClick={() => desk.knowledge.edit(proposal)}>
                <Icon name="edit" size={15} />
                {p.edit}
              </button>
              <button type="button" class="button" data-does="refuse" onClick={() => onDecide(proposal, 'refuse')}>
                <Icon name="close" size={15} />
                {p.refuse}
              </button>
            </div>
          )}
        </>
      )}
      <Evidence proposal={proposal} />
    </li>
  );
}

function Editor(props: { proposal: ProposalView; text: string; onDecide: Decide }): JSX.Element {
  const { proposal, text, onDecide } = props;
  const { desk, m } = useSurroundings();
  const field = useRef<HTMLInputElement>(null);
  const p = m.knowledge.proposals;
  const over = text.trim().length - maxWording;
  const isGood = text.trim() !== '' && over <= 0;
  useLayoutEffect(() => field.current?.focus(), []);

  function leave() {
    const item = field.current?.closest<HTMLElement>('[data-item]');
    desk.knowledge.edit(null);
    item?.focus();
  }

  return (
    <form
      class="proposal-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) onDecide(proposal, 'accept', text);
      }}
    >
      <input
        ref={field}
        type="text"
        value={text}
        aria-label={p.wording}
        aria-invalid={over > 0}
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        onInput={(event) => desk.knowledge.edit(proposal, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !sends(event)) event.preventDefault();
          if (event.key !== 'Escape' || event.isComposing) return;
          event.stopPropagation();
          leave();
        }}
      />
      {over > 0 && (
        <span class="composer-over" role="alert">
          {p.tooLong(over)}
        </span>
      )}
      <div class="proposal-actions">
        <button type="submit" class="button button-primary" disabled={!isGood}>
          <Icon name="check" size={15} />
          {p.save}
        </button>
        <button type="button" class="button" onClick={leave}>
          {m.actions.cancel}
        </button>
      </div>
    </form>
  );
}

/** Who confirmed it, and where. */
function Evidence({ proposal }: { proposal: ProposalView }): JSX.Element {
  const { m, locale } = useSurroundings();
  const agent = useAgent();
  const now = useNow(false);
  const { voices, against, lastAt, conversationId } = proposal;
  const p = m.knowledge.proposals;
  return (
    <p class="evidence">
      {(['feedback', 'pick', 'agent'] as const)
        .filter((source) => voices[source] > 0)
        .map((source) => (
          <span class="verdict-good" key={source}>
            <Icon name={source === 'feedback' ? 'thumb' : source === 'pick' ? 'hand' : 'mine'} size={12} />
            {p.voices[source](voices[source])}
          </span>
        ))}
      {against > 0 && (
        <span class="verdict-bad">
          <Icon name="thumb" upsideDown size={12} />
          {p.against(against)}
        </span>
      )}
      <time title={fullTime(lastAt, locale)}>{agoText(now - lastAt, m)}</time>
      {agent && serves(agent) && (
        <a href={hashOf({ kind: 'conversations', conversationId })}>{p.conversation}</a>
      )}
    </p>
  );
}
