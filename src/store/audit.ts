import { instantOf, type Row, type Statement } from '../database.ts';
import type { Json } from '../model.ts';
import { ensurePartitions } from './partitions.ts';
import { timestamp } from './receipts.ts';

/** Who does something: a key, and whom it stands for. `null`: a hand on the server. */
export interface Actor {
  keyId: string | null;
  userId: string | null;
  correlationId: string;
}

export type AuditAction =
  | 'upload_refused'
  | 'replay'
  | 'key_created'
  | 'key_revoked'
  | 'replay_job_started'
  | 'job_cancelled'
  | 'reconciled'
  | 'preferences_changed'
  | 'sources_ranked'
  | 'goal_changed'
  | 'exported'
  | 'erased';

/** What was done, to whose data, and to what. Never a health value. */
export interface Deed {
  action: AuditAction;
  personId: string | null;
  object: string;
  details?: Json;
}

/** Writes a deed down, in the transaction that does it. @param at Unix milliseconds. */
export const audit = (actor: Actor, deed: Deed, at: number): Statement[] => [
  ensurePartitions({ audit_log: [at] }),
  {
    text: `
      insert into audit_log (at, key_id, actor_id, action, person_id, object, correlation_id, details)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    params: [
      timestamp(at),
      actor.keyId,
      actor.userId,
      deed.action,
      deed.personId,
      deed.object,
      actor.correlationId,
      deed.details === undefined ? null : JSON.stringify(deed.details),
    ],
  },
];

/** Which deeds, newest first. Instants are Unix milliseconds. */
export interface AuditQuestion {
  from: number | null;
  to: number | null;
  personId: string | null;
  keyId: string | null;
  action: string | null;
  /** The last one of the page before. */
  before: { at: number; id: string } | null;
  limit: number;
}

const instant = (at: number | null): string | null => (at === null ? null : timestamp(at));

export const selectAudit = (question: AuditQuestion): Statement => ({
  text: `
    select id, at, key_id, actor_id, action, person_id, object, correlation_id, details
    from audit_log
    where at >= coalesce($1::timestamptz, '-infinity')
      and at < coalesce($2::timestamptz, 'infinity')
      and ($3::uuid is null or person_id = $3::uuid)
      and ($4::uuid is null or key_id = $4::uuid)
      and ($5::text is null or action = $5::text)
      and ($6::timestamptz is null or (at, id) < ($6::timestamptz, $7::uuid))
    order by at desc, id desc
    limit $8::int`,
  params: [
    instant(question.from),
    instant(question.to),
    question.personId,
    question.keyId,
    question.action,
    instant(question.before?.at ?? null),
    question.before?.id ?? null,
    question.limit,
  ],
});

export const toAuditEntry = (row: Row) => ({
  id: String(row.id),
  at: new Date(instantOf(row.at)).toISOString(),
  action: String(row.action),
  key_id: textOrNull(row.key_id),
  actor_id: textOrNull(row.actor_id),
  person_id: textOrNull(row.person_id),
  object: String(row.object),
  correlation_id: String(row.correlation_id),
  details: (row.details ?? null) as Json,
});

const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));
