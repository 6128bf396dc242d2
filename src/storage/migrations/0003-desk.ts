import type { Migration } from './migrations.ts';

export const desk: Migration = {
  id: 3,
  name: 'desk',
  up: [
    // What agents know of a customer, over what the channel tells.
    `create table customers (
       channel text not null,
       id text not null,
       name text,
       tags text not null,
       facts text not null,
       unreachable integer not null,
       version bigint not null,
       updated_at bigint not null,
       primary key (channel, id)
     )`,
    `create table canned_replies (
       id text primary key,
       shortcut text not null,
       title text not null,
       text text not null,
       group_id text,
       sound text not null,
       uses bigint not null,
       updated_at bigint not null,
       agent_id text not null
     )`,
    // One shortcut means one reply in a group, and one among those for everybody.
    `create unique index canned_replies_by_shortcut on canned_replies ((coalesce(group_id, '')), shortcut)`,
    `create table follow_ups (
       id text primary key,
       conversation_id text not null,
       kind text not null check (kind in ('broken_promise', 'low_rating')),
       seq bigint not null,
       note text not null,
       created_at bigint not null,
       done_at bigint,
       done_by text,
       unique (conversation_id, kind, seq)
     )`,
    `create index follow_ups_open on follow_ups (created_at, id) where done_at is null`,
    // What supervisors set up: JSON, by section. The version counts the saves.
    `create table settings (
       section text primary key,
       value text not null,
       version bigint not null,
       at bigint not null,
       agent_id text not null
     )`,
    // What was said, by its pieces. The time stands before the id, so that one index finds the newest and proves the rest.
    `create table search_terms (
       term text not null,
       at bigint not null,
       conversation_id text not null,
       seq bigint not null,
       primary key (term, at, conversation_id, seq)
     )`,
    // Up to which entry a conversation can be searched.
    `create table search_cursors (conversation_id text primary key, seq bigint not null)`,
  ],
};
