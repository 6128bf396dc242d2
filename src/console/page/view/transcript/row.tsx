import type { ComponentChildren, JSX } from 'preact';
import type { ChangeView, RatingView, RouteView, StatusView, VerdictView } from '../../../api.ts';
import { dayOf, fullTime, timeOfDay } from '../../../../web/dates.ts';
import type { Row } from '../../rows.ts';
import { Icon, type IconName } from '../icons.tsx';
import { Message } from './message.tsx';
import { resolutionName, speakerOf, type Scene } from './scene.ts';
import { becauseWords, noteWords, ratingWords, routeWords, statusWords } from './words.ts';

/** One line of the transcript. */
export function RowView({ row, scene, read }: { row: Row; scene: Scene; read: boolean }): JSX.Element {
  switch (row.kind) {
    case 'day':
      return <Divider class="day">{dayOf(row.at, Date.now(), scene.locale)}</Divider>;
    case 'status':
      return <StatusLine entry={row.entry} scene={scene} />;
    case 'change':
      return <ChangeLine entry={row.entry} scene={scene} />;
    case 'rating':
      return <Rated entry={row.entry} scene={scene} />;
    case 'verdict':
      return <VerdictLine entry={row.entry} title={row.title} scene={scene} />;
    case 'message':
      return <Message message={row.entry} continues={row.continues} scene={scene} read={read} />;
  }
}

function Divider({ children, class: name }: { children: ComponentChildren; class: string }): JSX.Element {
  return (
    <div class={`divider ${name}`}>
      <span>{children}</span>
    </div>
  );
}

function StatusLine({ entry, scene }: { entry: StatusView; scene: Scene }): JSX.Element {
  const { conversation } = scene.m;
  return (
    <div class="happened">
      <Divider class={`change change-${entry.to} change-${entry.cause}`}>
        <span class="change-words">
          <span class="dot" aria-hidden="true" />
          {statusWords(entry, scene)}
        </span>
        {entry.resolution && <span class="chip">{resolutionName(entry.resolution, scene)}</span>}
        {entry.route && routeWords(entry.route, scene).map((words) => <Chip key={words} words={words} />)}
        <When at={entry.at} scene={scene} />
      </Divider>
      {entry.route && <Because route={entry.route} scene={scene} />}
      {entry.survey && <p class="asked">{conversation.changes.asked[entry.survey]}</p>}
    </div>
  );
}

function ChangeLine({ entry, scene }: { entry: ChangeView; scene: Scene }): JSX.Element {
  const { change } = entry;
  const { changes } = scene.m.conversation;
  return (
    <div class="happened">
      <Divider class={`change change-${change.what}`}>
        <Icon name={changeIcons[change.what]} size={13} />
        <span class="change-words">{noteWords(entry, scene)}</span>
        {change.what === 'routed' && routeWords(change.route, scene).map((words) => <Chip key={words} words={words} />)}
        {change.what === 'merged' && (
          <button type="button" class="link" onClick={() => scene.onOpen(change.conversationId)}>
            {changes.openOther}
          </button>
        )}
        <When at={entry.at} scene={scene} />
      </Divider>
    </div>
  );
}

const changeIcons: Readonly<Record<ChangeView['change']['what'], IconName>> = {
  routed: 'route',
  promise_at_risk: 'queue',
  promise_broken: 'warn',
  snoozed: 'snooze',
  merged: 'merge',
};

/** Why it went there, for who wants to know. */
function Because({ route, scene }: { route: RouteView; scene: Scene }): JSX.Element | null {
  if (route.because.length === 0) return null;
  return (
    <details class="because">
      <summary>{scene.m.conversation.route.why}</summary>
      <ol>
        {route.because.map((reason, index) => {
          const [what, asked] = becauseWords(reason, scene);
          return (
            <li key={index}>
              <span dir="auto">{what}</span>
              {asked !== '' && <small>{asked}</small>}
            </li>
          );
        })}
      </ol>
    </details>
  );
}

function Rated({ entry, scene }: { entry: RatingView; scene: Scene }): JSX.Element {
  const { survey, score, comment } = entry;
  const most = { csat: 5, ces: 7, nps: 10 }[survey];
  const level = score / most > 0.7 ? 'good' : score / most > 0.5 ? 'fair' : 'bad';
  return (
    <div class={`rated rated-${level}`}>
      <p>
        <Icon name="star" size={15} />
        <strong>{ratingWords({ survey, score }, scene.m)}</strong>
        <When at={entry.at} scene={scene} />
      </p>
      {comment && (
        <blockquote class="said" dir="auto">
          {comment}
        </blockquote>
      )}
    </div>
  );
}

function VerdictLine(props: { entry: VerdictView; title: string | null; scene: Scene }): JSX.Element {
  const { entry, title, scene } = props;
  const { m } = scene;
  if (entry.source === 'agent') {
    return (
      <p class="verdict verdict-agent" title={entry.articleId}>
        <Icon name="book" size={13} />
        {m.conversation.verdictOfAgent(speakerOf(entry, scene), title ?? entry.articleId)}
      </p>
    );
  }
  return (
    <p class={entry.helpful ? 'verdict verdict-good' : 'verdict verdict-bad'}>
      <Icon name="thumb" upsideDown={!entry.helpful} size={13} />
      {entry.helpful ? m.transcript.helpful(title) : m.transcript.unhelpful(title)}
    </p>
  );
}

function Chip({ words }: { words: string }): JSX.Element {
  return <span class="chip">{words}</span>;
}

function When({ at, scene }: { at: number; scene: Scene }): JSX.Element {
  return <time title={fullTime(at, scene.locale)}>{timeOfDay(at, scene.locale)}</time>;
}
