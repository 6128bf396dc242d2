import type { Migration } from './migrations.ts';

export const conversations: Migration = {
  id: 1,
  name: 'conversations',
  up: [
    `create table conversations (
       id text primary key,
       channel text not null,
       customer_id text not null,
       customer_name text,
       locale text not null,
       status text not null check (status in ('bot', 'queued', 'assigned', 'resolved')),
       agent_id text,
       agent_name text,
       version bigint not null,
       seq bigint not null,
       customer_seq bigint not null,
       bot_cursor bigint not null,
       memory text not null,
       handoff_reason text,
       queued_at bigint,
       created_at bigint not null,
       updated_at bigint not null,
       check ((status = 'assigned') = (agent_id is not null))
     )`,
    `create table entries (
       conversation_id text not null references conversations (id),
       seq bigint not null,
       kind text not null check (kind in ('message', 'status', 'verdict')),
       at bigint not null,
       author_role text not null check (author_role in ('customer', 'bot', 'agent', 'system')),
       author_id text not null,
       author_name text,
       private integer not null,
       client_id text,
       body text not null,
       primary key (conversation_id, seq)
     )`,
    // A message that is sent twice is stored once, whatever raced.
    `create unique index entries_by_client_id on entries (conversation_id, client_id) where client_id is not null`,
    // A visitor of our page has one open conversation, whatever raced.
    `create unique index conversations_open_webchat on conversations (customer_id)
       where channel = 'webchat' and status <> 'resolved'`,
    `create index conversations_by_customer on conversations (channel, customer_id, created_at)`,
    `create index conversations_by_wait on conversations (status, queued_at)`,
    `create index conversations_by_change on conversations (status, updated_at)`,
    `create index conversations_unanswered on conversations (status, updated_at)
       where status = 'bot' and customer_seq > bot_cursor`,
    // The claims of the last hours, for the expected wait.
    `create index entries_status_changes on entries (at) where kind = 'status'`,
    `create table agents (
       id text primary key,
       email text not null unique,
       name text not null,
       role text not null check (role in ('agent', 'editor', 'supervisor')),
       password_hash text not null,
       disabled integer not null,
       created_at bigint not null,
       seen_at bigint
     )`,
    `create table sessions (
       token_hash text primary key,
       agent_id text not null references agents (id),
       created_at bigint not null,
       expires_at bigint not null
     )`,
    `create index sessions_by_agent on sessions (agent_id)`,
    `create table uploads (
       id text primary key,
       conversation_id text not null,
       name text not null,
       content_type text not null,
       size bigint not null,
       created_at bigint not null
     )`,
    `create index uploads_by_conversation on uploads (conversation_id)`,
  ],
};
