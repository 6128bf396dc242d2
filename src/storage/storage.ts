import { sql } from 'kysely';
import type { FitStore } from '../answering/learning/fits.ts';
import type { MissStore } from '../answering/editing/gaps.ts';
import type { EvidenceStore, WordingStore } from '../answering/editing/proposals.ts';
import type { ConversationLog } from '../conversation/log.ts';
import type { AgentStore, SessionStore } from '../handoff/agents.ts';
import type { DeliveryStore } from '../handoff/deliveries.ts';
import type { CannedReplyStore } from '../handoff/canned-replies.ts';
import type { CustomerStore } from '../handoff/customers.ts';
import type { FigureStore } from '../handoff/figures.ts';
import type { FollowUpStore } from '../handoff/follow-ups.ts';
import type { QueueStore } from '../handoff/queue.ts';
import type { SearchStore } from '../handoff/search/transcript-search.ts';
import type { SettingsStore } from '../handoff/settings/desk-settings.ts';
import { agentStore } from './agents.ts';
import { cannedReplyStore } from './canned-replies.ts';
import { conversationLog } from './conversations.ts';
import { customerStore } from './customers.ts';
import type { Database } from './database.ts';
import { deliveryStore } from './deliveries.ts';
import { figureStore } from './figures.ts';
import { fitStore } from './fits.ts';
import { followUpStore } from './follow-ups.ts';
import { evidenceStore } from './labels.ts';
import { migrate } from './migrations/migrations.ts';
import { missStore } from './misses.ts';
import { openPostgres } from './postgres.ts';
import { queueStore } from './queue.ts';
import { ratingStore, type RatingStore } from './ratings.ts';
import { searchStore } from './search.ts';
import { sessionStore } from './sessions.ts';
import { settingsStore } from './settings.ts';
import { openSqlite } from './sqlite.ts';
import { type UploadStore, uploadStore } from './uploads.ts';
import { wordingStore } from './wordings.ts';

/** Everything that is remembered. */
export type Storage = {
  readonly log: ConversationLog;
  readonly agents: AgentStore;
  readonly sessions: SessionStore;
  readonly queue: QueueStore;
  readonly uploads: UploadStore;
  readonly labels: EvidenceStore;
  readonly misses: MissStore;
  readonly fits: FitStore;
  readonly wordings: WordingStore;
  readonly deliveries: DeliveryStore;
  readonly customers: CustomerStore;
  readonly cannedReplies: CannedReplyStore;
  readonly followUps: FollowUpStore;
  readonly figures: FigureStore;
  readonly ratings: RatingStore;
  readonly search: SearchStore;
  readonly settings: SettingsStore;
  /** Resolves when the database answers. */
  ready(): Promise<void>;
  /** Lets running writes finish, then closes. */
  close(): Promise<void>;
};

/**
 * Opens the database and brings its tables up to date. `databaseUrl` is `sqlite:./path/to/file.db`, `sqlite::memory:`
 * (gone at close) or `postgres://user:password@host/database`.
 */
export async function openStorage(databaseUrl: string): Promise<Storage> {
  const database = openDatabase(databaseUrl);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    log: conversationLog(database),
    agents: agentStore(database),
    sessions: sessionStore(database),
    queue: queueStore(database),
    uploads: uploadStore(database),
    labels: evidenceStore(database),
    misses: missStore(database),
    fits: fitStore(database),
    wordings: wordingStore(database),
    deliveries: deliveryStore(database),
    customers: customerStore(database),
    cannedReplies: cannedReplyStore(database),
    followUps: followUpStore(database),
    figures: figureStore(database),
    ratings: ratingStore(database),
    search: searchStore(database),
    settings: settingsStore(database),
    ready: async () => {
      await sql`select 1`.execute(database.reader);
    },
    close: () => database.close(),
  };
}

function openDatabase(url: string): Database {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) return openSqlite(url.slice('sqlite:'.length));
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url);
  throw new Error(
    'DATABASE_URL must be sqlite:./path/to/file.db, sqlite::memory: or postgres://user:password@host/name.',
  );
}
