import {
  priorities,
  type HandoffReason,
  type Priority,
  type Route,
  type RouteReason,
} from '../../conversation/conversation.ts';
import { strongAnger } from '../../conversation/turn.ts';
import { normalise } from '../../answering/normalise.ts';
import type { RoutingRule, Settings, SkillGroup } from '../settings/settings.ts';

/** What is known of a conversation when the bot gives it to the queue. */
export type TriageFacts = {
  readonly reason: HandoffReason;
  /** What the customer asked, in their own words. */
  readonly questions: readonly string[];
  readonly channel: string;
  /** Ids of the customer's tags. */
  readonly tags: readonly string[];
  /** The `skill` of the article that fits best. */
  readonly skill: string | null;
  /** How the customer feels, from -1 (furious) to 1 (delighted). */
  readonly sentiment: number | null;
  /** The sensitive topic that was touched, by its name. */
  readonly sensitiveTopic: string | null;
};

/** What triage goes by. */
export type TriageSettings = Pick<Settings, 'groups' | 'routing' | 'tags'>;

/**
 * Where a conversation goes, and how urgently.
 *
 * - The group: of the first matching rule that names one; or else the one that the article's skill names, by id or name;
 *   or else the default one; or else none, which is everybody.
 * - The priority: the most urgent that a matching rule, the reason, a tag, strong anger or a sensitive topic names. Most
 *   reasons name `medium`, and leave even that to a rule that names any: so rules can say `low`, and nothing else lowers.
 *
 * `because` is the whole explanation: the group is the first one in it, the priority the most urgent in it. A group or
 * tag that doesn't exist any more is passed over.
 */
export function triage(facts: TriageFacts, settings: TriageSettings): Route {
  const rules = matchingRules(facts, settings);
  const because = [
    ...rules,
    ...(rules.some(({ group }) => group !== undefined) ? [] : fallbackGroup(facts, settings)),
    ...reasonOf(facts, rules),
    ...tagsOf(facts, settings),
    ...feelingOf(facts),
    ...topicOf(facts),
  ];
  return {
    groupId: because.find(({ group }) => group !== undefined)?.group ?? null,
    priority: mostUrgent(because.flatMap(({ priority }) => priority ?? [])) ?? 'medium',
    because,
  };
}

/** The most urgent of them; null of none. */
export function mostUrgent(named: readonly Priority[]): Priority | null {
  return priorities.find((priority) => named.includes(priority)) ?? null;
}

/** The group with this id, or that the desk falls back on when there is none any more; null is everybody. */
export function existingGroup(
  groupId: string | null,
  { groups, routing }: Pick<Settings, 'groups' | 'routing'>,
): SkillGroup | null {
  if (groupId === null) return null;
  return findGroup(groups, groupId) ?? findGroup(groups, routing.defaultGroup);
}

function matchingRules(facts: TriageFacts, { groups, routing }: TriageSettings): readonly RouteReason[] {
  const asked = facts.questions.map((question) => normalise(question));
  return routing.rules
    .filter((rule) => applies(rule, facts, asked))
    .map(({ name, then }) => ({
      kind: 'rule' as const,
      from: name,
      ...(findGroup(groups, then.group) && then.group !== null ? { group: then.group } : {}),
      ...(then.priority === null ? {} : { priority: then.priority }),
    }))
    .filter(({ group, priority }) => group !== undefined || priority !== undefined);
}

/** Whether every condition that the rule has is met. An empty list is no condition. */
function applies({ when }: RoutingRule, facts: TriageFacts, asked: readonly string[]): boolean {
  return (
    met(when.reasons, (reason) => reason === facts.reason) &&
    met(when.channels, (channel) => channel === facts.channel) &&
    met(when.tags, (tag) => facts.tags.includes(tag)) &&
    met(when.skills && normalised(when.skills), (skill) => facts.skill !== null && skill === named(facts.skill)) &&
    met(when.keywords && normalised(when.keywords), (keyword) => asked.some((words) => words.includes(keyword)))
  );
}

function met<Value>(wanted: readonly Value[] | undefined, isMet: (value: Value) => boolean): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.some(isMet);
}

/** Kept as long as the settings that it comes from: 200 rules of 100 keywords would cost every handoff anew. */
const seen = new WeakMap<readonly string[], readonly string[]>();

function normalised(values: readonly string[]): readonly string[] {
  const known = seen.get(values);
  if (known) return known;
  const made = values.map(named);
  seen.set(values, made);
  return made;
}

function named(value: string): string {
  return normalise(value).trim();
}

function fallbackGroup({ skill }: TriageFacts, { groups, routing }: TriageSettings): readonly RouteReason[] {
  const bySkill = skill === null ? null : groupOfSkill(skill, groups);
  if (skill !== null && bySkill) return [{ kind: 'skill', from: skill, group: bySkill.id }];
  const standard = findGroup(groups, routing.defaultGroup);
  return standard ? [{ kind: 'default', from: standard.name, group: standard.id }] : [];
}

function groupOfSkill(skill: string, { groups }: Settings['groups']): SkillGroup | null {
  const wanted = named(skill);
  return (
    groups.find(({ id }) => id === wanted) ?? groups.find(({ name }) => wanted !== '' && named(name) === wanted) ?? null
  );
}

function reasonOf({ reason }: TriageFacts, rules: readonly RouteReason[]): readonly RouteReason[] {
  const priority = urgencyOf(reason);
  if (priority === 'medium' && rules.some((rule) => rule.priority !== undefined)) return [];
  return [{ kind: 'reason', from: reason, priority }];
}

function urgencyOf(reason: HandoffReason): Priority {
  switch (reason) {
    case 'sensitive_topic':
      return 'urgent';
    case 'negative_sentiment':
      return 'high';
    case 'customer_request':
    case 'no_match':
    case 'low_confidence':
    case 'ambiguous':
    case 'repeated_failure':
    case 'bot_error':
      return 'medium';
  }
}

function tagsOf(facts: TriageFacts, { tags }: TriageSettings): readonly RouteReason[] {
  return tags.tags.flatMap(({ id, name, priority }) =>
    priority !== null && facts.tags.includes(id) ? [{ kind: 'tag' as const, from: name, priority }] : [],
  );
}

function feelingOf({ sentiment }: TriageFacts): readonly RouteReason[] {
  if (sentiment === null || !(sentiment <= strongAnger)) return [];
  return [{ kind: 'sentiment', from: sentiment.toFixed(2), priority: 'high' }];
}

function topicOf({ sensitiveTopic }: TriageFacts): readonly RouteReason[] {
  return sensitiveTopic === null ? [] : [{ kind: 'sensitive_topic', from: sensitiveTopic, priority: 'urgent' }];
}

function findGroup({ groups }: Settings['groups'], id: string | null): SkillGroup | null {
  return groups.find((group) => group.id === id) ?? null;
}
