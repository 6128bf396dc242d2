import type { Migration } from './migrations.ts';

export const desk: Migration = {
  id: 3,
  name: 'desk',
  up: [
    // Where a conversation goes, how urgently and in which order, and what a person's part of it needs remembered.
    `alter table conversations add column group_id text`,
    `alter table conversations add column priority text not null default 'medium'`,
    `alter table conversations add column serve_by bigint`,
    `alter table conversations add column snoozed_until bigint`,
    `alter table conversations add column breaches bigint not null default 0`,
    `alter table conversations add column service text not null default '{}'`,
    `update conversations set serve_by = queued_at where status = 'queued'`,
    // Who waits has been promised a person since they began to.
    `update conversations set service = '{"askedAt":' || queued_at || ',"waitingSince":' || queued_at || '}'
       where status = 'queued'`,
    `drop index conversations_by_wait`,
    // What lists and counts go by, with what they filter by: which conversations they are is read here alone.
    `drop index conversations_by_change`,
    `create index conversations_by_change on conversations (status, updated_at, id, priority, channel)`,
    `create index conversations_by_group on conversations (status, group_id, updated_at, id, priority, channel)`,
    `create index conversations_by_service on conversations (status, serve_by, id)`,
    `create index conversations_in_service on conversations (id) where status in ('queued', 'assigned')`,
    `create index conversations_by_agent on conversations (agent_id, updated_at) where agent_id is not null`,
    `create index conversations_broken on conversations (status, updated_at, id, group_id, priority, channel)
       where breaches > 0`,
    `create index conversations_snoozed on conversations (snoozed_until) where snoozed_until is not null`,
    // Ratings and changes are entries too: a check can't be altered in place on SQLite.
    `create table entries_of_all_kinds (
       conversation_id text not null references conversations (id),
       seq bigint not null,
       kind text not null check (kind in ('message', 'status', 'verdict', 'rating', 'change')),
       at bigint not null,
       author_role text not null check (author_role in ('customer', 'bot', 'agent', 'system')),
       author_id text not null,
       author_name text,
       private integer not null,
       client_id text,
       body text not null,
       primary key (conversation_id, seq)
     )`,
    `insert into entries_of_all_kinds (conversation_id, seq, kind, at, author_role, author_id, author_name, private, client_id, body)
       select conversation_id, seq, kind, at, author_role, author_id, author_name, private, client_id, body from entries`,
    `drop table entries`,
    `alter table entries_of_all_kinds rename to entries`,
    `create unique index entries_by_client_id on entries (conversation_id, client_id) where client_id is not null`,
    `create index entries_status_changes on entries (at) where kind = 'status'`,
    `create index entries_verdicts on entries (at) where kind = 'verdict'`,
    `create index entries_ratings on entries (at) where kind = 'rating'`,
    `create index entries_changes on entries (at) where kind = 'change'`,
    // What an agent chose to be, how much they take at once, and what they are good at (JSON of group ids).
    `alter table agents add column status text not null default 'online'`,
    `alter table agents add column capacity bigint`,
    `alter table agents add column groups text not null default '[]'`,
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
    // What the webhook has told or must: an outbox. No foreign key, as the first event at an address is of no conversation.
    `create table deliveries (
       id text primary key,
       conversation_id text not null,
       seq bigint not null,
       event text not null,
       body text not null,
       state text not null check (state in ('pending', 'delivered', 'dead')),
       attempts bigint not null,
       next_at bigint not null,
       leased_until bigint not null,
       last_error text,
       created_at bigint not null,
       done_at bigint,
       unique (conversation_id, seq, event)
     )`,
    `create index deliveries_due on deliveries (state, next_at)`,
  ],
};
