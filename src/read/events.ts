import { z } from 'zod';
import { instantOf, type Row, type Statement } from '../database.ts';
import type { EventKind, Json } from '../model.ts';
import { iso, isoOrNull, numberOrNull, parameterOf, textOrNull } from './values.ts';

/** Of what kinds there are events (migrations/0005). */
export const EVENT_KINDS = [
  'symptom',
  'medication',
  'state_of_mind',
  'heart_rate_notification',
  'cycle_tracking',
  'sexual_activity',
] as const satisfies readonly EventKind[];

/** An event as it goes over the wire. */
export const eventSchema = z.object({
  id: z.string().meta({ example: '1772442000000-9e107d9d372bb6826bd81d3542a419d6' }),
  kind: z.enum(EVENT_KINDS),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  name: z.string().describe('As the app wrote it').meta({ example: 'Headache' }),
  code: z.string().nullable().describe('What the name means, where it is known'),
  value: z.string().nullable().describe('As the app wrote it').meta({ example: 'Mild' }),
  value_code: z.string().nullable().describe('What the value means, where it is known'),
  quantity: z.number().nullable().describe('Dose, threshold, valence or count'),
  source: z.string(),
  attributes: z.record(z.string(), z.unknown()).describe('All else; JSON text in CSV'),
});

/** The hash of an event's key: the key itself may name what should stand in no URL. */
export const keyHash = z.string().regex(/^[0-9a-f]{32}$/);

/** What an event is known by, apart from the person: its start in Unix milliseconds, and the hash of its key. */
export const eventId = z
  .string()
  .regex(/^\d{1,14}-[0-9a-f]{32}$/, 'An id of an event, as the list has it')
  .meta({ example: '1772442000000-9e107d9d372bb6826bd81d3542a419d6' });

/** Which events: those that began in `[from, to)`, oldest first. Instants are Unix milliseconds. */
export interface EventQuestion {
  userId: string;
  kind: EventKind | null;
  /** What the name means. */
  code: string | null;
  /** As the app wrote it, in capitals or not. */
  name: string | null;
  from: number | null;
  to: number | null;
  /** The last one of the page before. */
  after: { at: number; id: string } | null;
  limit: number;
}

const HASH = `md5(kind || ' ' || key)`;

const COLUMNS = `kind, ${HASH} as hash, started_at, ended_at, name, code, value, value_code, quantity, source,
    attributes`;

const PAGE = `
  select ${COLUMNS}
  from events
  where user_id = $1::uuid
    and ($2::text is null or kind = $2)
    and ($3::text is null or code = $3)
    and ($4::text is null or lower(name) = lower($4))
    and started_at >= coalesce($5::timestamptz, '-infinity')
    and started_at < coalesce($6::timestamptz, 'infinity')
    and started_at >= coalesce($7::timestamptz, '-infinity')
    and (started_at, ${HASH}) > (coalesce($7::timestamptz, '-infinity'), $8::text)
  order by started_at, hash
  limit $9::int`;

export const selectEvents = (question: EventQuestion): Statement => ({
  text: PAGE,
  params: [
    question.userId,
    question.kind,
    question.code,
    question.name,
    parameterOf(question.from),
    parameterOf(question.to),
    parameterOf(question.after?.at ?? null),
    question.after?.id ?? '',
    question.limit,
  ],
});

const ONE = `
  select ${COLUMNS}
  from events
  where user_id = $1::uuid and started_at = $2::timestamptz and ${HASH} = $3`;

/** @param id as `eventId` takes it */
export function selectEvent(userId: string, id: string): Statement {
  const [startedAt = '0', hash = ''] = id.split('-');
  return { text: ONE, params: [userId, parameterOf(Number(startedAt)), hash] };
}

/** Where the next page begins after this row. */
export const positionOfEvent = (row: Row) => ({
  at: instantOf(row.started_at),
  id: String(row.hash),
});

export const toEvent = (row: Row) => ({
  id: `${instantOf(row.started_at)}-${row.hash}`,
  kind: row.kind as EventKind,
  started_at: iso(row.started_at),
  ended_at: isoOrNull(row.ended_at),
  name: String(row.name),
  code: textOrNull(row.code),
  value: textOrNull(row.value),
  value_code: textOrNull(row.value_code),
  quantity: numberOrNull(row.quantity),
  source: String(row.source),
  attributes: row.attributes as Json,
});
