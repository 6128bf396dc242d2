import type { ChangeView, RatingView, RouteReasonView, RouteView, StatusView } from '../../../api.ts';
import { sameDay, dayOf, timeOfDay } from '../../../../web/dates.ts';
import type { Locale } from '../../../../web/locale.ts';
import type { Messages } from '../../messages/messages.ts';
import { groupName, type Scene } from './scene.ts';

type Words = Pick<Scene, 'm' | 'locale' | 'directory' | 'myId'>;

/** What happened to the conversation, in a sentence. */
export function statusWords(entry: StatusView, words: Words): string {
  const { m } = words;
  const { changes } = m.conversation;
  const by = entry.author.role === 'agent' ? person(entry.author, words) : null;
  const name = by ?? m.transcript.system;
  const owner = entry.agent ? person(entry.agent, words) : m.rail.roles.agent;
  switch (entry.cause) {
    case 'handoff':
      return changes.handoff(entry.reason && m.reasons[entry.reason]);
    case 'claim':
      return changes.claim(owner);
    case 'assign':
      return changes.assign(owner, by);
    case 'takeover':
      return changes.takeover(owner);
    case 'transfer':
      return transferWords(entry, name, words);
    case 'return':
      return changes.return(name);
    case 'dropped':
      return changes.dropped(owner);
    case 'cancel':
      return changes.cancel;
    case 'reopen':
      return entry.to === 'assigned' ? changes.reopenTo(owner) : changes.reopen;
    case 'resolve':
      return changes.resolve(by);
    case 'merge':
      return changes.merge(name);
  }
}

function transferWords({ to, agent, route }: StatusView, name: string, words: Words): string {
  const { changes } = words.m.conversation;
  if (to === 'assigned' && agent) return changes.toAgent(name, person(agent, words));
  const last = route?.because.at(-1);
  const toGroup = last?.kind === 'agent' && last.group !== null && last.group === route?.groupId;
  return toGroup ? changes.toGroup(name, groupName(last.group, words)) : changes.toQueue(name);
}

/** What was noted of it, in a sentence. */
export function noteWords({ author, change }: ChangeView, words: Words): string {
  const { m, locale } = words;
  const { changes, promises } = m.conversation;
  const name = author.role === 'agent' ? person({ ...author, name: author.name ?? '' }, words) : m.transcript.system;
  switch (change.what) {
    case 'routed':
      return changes.routed(name);
    case 'promise_at_risk':
      return changes.atRisk(promises[change.promise], whenWords(change.dueAt, Date.now(), locale));
    case 'promise_broken':
      return changes.broken(promises[change.promise], whenWords(change.dueAt, Date.now(), locale));
    case 'snoozed':
      return change.until === null ? changes.woken : changes.snoozed(name, whenWords(change.until, Date.now(), locale));
    case 'merged':
      return changes.absorbed;
  }
}

/** Where it goes and how urgently: only what is out of the ordinary. */
export function routeWords({ groupId, priority }: RouteView, words: Words): readonly string[] {
  const { priorities, route } = words.m.conversation;
  return [
    ...(groupId === null ? [] : [groupName(groupId, words)]),
    ...(priority === 'medium' ? [] : [route.priority(priorities[priority])]),
  ];
}

/** One reason for a route: what it was, and what it asked for. */
export function becauseWords(
  { kind, from, group, priority }: RouteReasonView,
  words: Words,
): readonly [string, string] {
  const { m } = words;
  const { route, priorities } = m.conversation;
  const reasons: Readonly<Record<string, string>> = m.reasons;
  const asked = [
    ...(group === null ? [] : [route.group(groupName(group, words))]),
    ...(priority === null ? [] : [route.priority(priorities[priority])]),
  ];
  return [route.because[kind](kind === 'reason' ? (reasons[from] ?? from) : from), m.conversation.listOf(asked)];
}

/** How the customer rated. */
export function ratingWords({ survey, score }: Pick<RatingView, 'survey' | 'score'>, m: Messages): string {
  return m.conversation.rating[survey](score);
}

/** A time as people say it: the time of day, and the day where it is another one. */
export function whenWords(at: number, now: number, locale: Locale): string {
  const time = timeOfDay(at, locale);
  return sameDay(at, now) ? time : `${dayOf(at, now, locale)} ${time}`;
}

function person({ id, name }: { readonly id: string; readonly name: string | null }, { m, myId }: Words): string {
  return id === myId ? m.transcript.me : name || m.rail.roles.agent;
}
