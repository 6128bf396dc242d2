import type { Stage } from '../answering/learning/calibration.ts';
import type { Entry, HandoffReason, Priority, Status } from '../conversation/conversation.ts';

/**
 * The tables, as both databases have them. Times are integer milliseconds since 1970, truth values are 0 or 1, and
 * JSON is text: no column means different things on SQLite and on PostgreSQL.
 */
export type Tables = {
  readonly conversations: ConversationRow;
  readonly entries: EntryRow;
  readonly agents: AgentRow;
  readonly sessions: SessionRow;
  readonly uploads: UploadRow;
  readonly fits: FitRow;
  readonly wordings: WordingRow;
  readonly customers: CustomerRow;
  readonly canned_replies: CannedReplyRow;
  readonly follow_ups: FollowUpRow;
  readonly settings: SettingsRow;
  readonly search_terms: SearchTermRow;
  readonly search_cursors: SearchCursorRow;
  readonly deliveries: DeliveryRow;
};

export type ConversationRow = {
  readonly id: string;
  readonly channel: string;
  readonly customer_id: string;
  readonly customer_name: string | null;
  readonly locale: string;
  readonly status: Status;
  readonly agent_id: string | null;
  readonly agent_name: string | null;
  readonly version: number;
  readonly seq: number;
  readonly customer_seq: number;
  readonly bot_cursor: number;
  /** BotMemory as JSON. */
  readonly memory: string;
  readonly handoff_reason: HandoffReason | null;
  readonly queued_at: number | null;
  readonly group_id: string | null;
  readonly priority: Priority;
  readonly serve_by: number | null;
  readonly snoozed_until: number | null;
  /** Of its Service, where lists look for it. */
  readonly breaches: number;
  /** Service as JSON. */
  readonly service: string;
  readonly created_at: number;
  readonly updated_at: number;
};

export type EntryRow = {
  readonly conversation_id: string;
  readonly seq: number;
  readonly kind: Entry['kind'];
  readonly at: number;
  readonly author_role: 'customer' | 'bot' | 'agent' | 'system';
  readonly author_id: string;
  readonly author_name: string | null;
  readonly private: number;
  readonly client_id: string | null;
  /** What is left of the entry, by kind, as JSON. */
  readonly body: string;
};

export type AgentRow = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: 'agent' | 'editor' | 'supervisor';
  readonly password_hash: string;
  readonly disabled: number;
  readonly created_at: number;
  /** When this agent's console was last heard of; null when it said goodbye. */
  readonly seen_at: number | null;
  /** What they chose to be while they are here. */
  readonly status: 'online' | 'busy' | 'away' | 'offline';
  /** Conversations at once; null for what is usual. */
  readonly capacity: number | null;
  /** Ids of skill groups, as JSON. */
  readonly groups: string;
};

export type SessionRow = {
  /** SHA-256 of the token, in hex: a stolen table opens no session. */
  readonly token_hash: string;
  readonly agent_id: string;
  readonly created_at: number;
  readonly expires_at: number;
};

export type UploadRow = {
  readonly id: string;
  readonly conversation_id: string;
  readonly name: string;
  readonly content_type: string;
  readonly size: number;
  readonly created_at: number;
};

export type FitRow = {
  readonly id: string;
  readonly at: number;
  readonly stage: Stage;
  readonly articles: number;
  readonly labels: number;
  readonly promised: number;
  readonly threshold: number;
  /** The fitted numbers and what was held against them, as JSON. */
  readonly data: string;
  readonly report: string;
};

export type WordingRow = {
  readonly article_id: string;
  /** As `wordingKey` writes it. */
  readonly question: string;
  readonly decision: 'accepted' | 'refused';
  readonly agent_id: string;
  readonly at: number;
};

export type CustomerRow = {
  readonly channel: string;
  readonly id: string;
  readonly name: string | null;
  /** Ids of tags as JSON. */
  readonly tags: string;
  /** Facts as JSON. */
  readonly facts: string;
  readonly unreachable: number;
  readonly version: number;
  readonly updated_at: number;
};

export type CannedReplyRow = {
  readonly id: string;
  readonly shortcut: string;
  readonly title: string;
  readonly text: string;
  readonly group_id: string | null;
  /** As `soundOf` writes it. */
  readonly sound: string;
  readonly uses: number;
  readonly updated_at: number;
  readonly agent_id: string;
};

export type FollowUpRow = {
  readonly id: string;
  readonly conversation_id: string;
  readonly kind: 'broken_promise' | 'low_rating';
  readonly seq: number;
  readonly note: string;
  readonly created_at: number;
  readonly done_at: number | null;
  readonly done_by: string | null;
};

export type SettingsRow = {
  readonly section: string;
  /** The section as JSON. */
  readonly value: string;
  readonly version: number;
  readonly at: number;
  readonly agent_id: string;
};

export type SearchTermRow = {
  readonly term: string;
  readonly at: number;
  readonly conversation_id: string;
  readonly seq: number;
};

export type SearchCursorRow = {
  readonly conversation_id: string;
  readonly seq: number;
};

export type DeliveryRow = {
  readonly id: string;
  readonly conversation_id: string;
  readonly seq: number;
  readonly event: string;
  /** The JSON that is sent; empty once it was delivered or discarded. */
  readonly body: string;
  readonly state: 'pending' | 'delivered' | 'dead';
  readonly attempts: number;
  /** When it is due; when it was settled, once it is. */
  readonly next_at: number;
  /** Nobody else sends it before; 0 when nobody does. */
  readonly leased_until: number;
  readonly last_error: string | null;
  readonly created_at: number;
  /** When it was delivered, or discarded after it had been given up. */
  readonly done_at: number | null;
};
