import type { Migration } from './migrations.ts';

export const learning: Migration = {
  id: 2,
  name: 'learning',
  up: [
    // What people said of answers, newest first: what is learned from.
    `create index entries_verdicts on entries (at) where kind = 'verdict'`,
    `create table fits (
       id text primary key,
       at bigint not null,
       stage text not null check (stage in ('shipped', 'self', 'labelled')),
       articles bigint not null,
       labels bigint not null,
       promised double precision not null,
       threshold double precision not null,
       data text not null,
       report text not null
     )`,
    `create index fits_by_time on fits (at)`,
    `create table wordings (
       article_id text not null,
       question text not null,
       decision text not null check (decision in ('accepted', 'refused')),
       agent_id text not null,
       at bigint not null,
       primary key (article_id, question)
     )`,
  ],
};
