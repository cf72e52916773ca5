import { instantOf, type Row, type Statement } from '../database.ts';
import type { UploadedPart } from './export-object.ts';
import { timestamp } from './receipts.ts';

/** The rows of exports: what was asked for, and how far whoever worked on it last has come. */

export interface NewExport {
  userId: string;
  keyId: string;
  correlationId: string;
  /** What happened in `[from, to)`, Unix milliseconds. */
  from: number | null;
  to: number | null;
  includeRaw: boolean;
}

/** Kept for a week each, and each a copy of everything. */
export const MAX_EXPORTS_KEPT = 5;

/** First in the transaction that creates one: fails where there is no room (migrations/0022). */
export const requireRoom = (userId: string): Statement => ({
  text: 'select require_room_for_export($1::uuid, $2::int)',
  params: [userId, MAX_EXPORTS_KEPT],
});

/** Codes that it fails with. */
export const EXPORT_RUNNING = 'SS002';
export const EXPORTS_FULL = 'SS003';

export const createExport = (id: string, wish: NewExport): Statement => ({
  text: `
    insert into exports (id, user_id, key_id, correlation_id, from_at, to_at, include_raw)
    values ($1, $2, $3, $4, $5, $6, $7)`,
  params: [
    id,
    wish.userId,
    wish.keyId,
    wish.correlationId,
    wish.from === null ? null : timestamp(wish.from),
    wish.to === null ? null : timestamp(wish.to),
    String(wish.includeRaw),
  ],
});

/** One thing to be written: a table or a kind of file, and a span of time of it. ISO texts, or Postgres' infinities. */
export interface PlanStep {
  part: string;
  from: string;
  to: string;
}

/** How far a step has come: files are cut where they grow long. */
export interface StepPosition {
  after: (string | number)[];
  /** Files of this step so far. */
  file: number;
}

export interface ExportJob {
  id: string;
  userId: string;
  /** ISO texts, or Postgres' infinities. */
  span: { from: string; to: string };
  includeRaw: boolean;
  plan: PlanStep[];
  step: number;
  position: StepPosition | null;
  uploadId: string | null;
  parts: UploadedPart[];
  rest: number;
  bytes: number;
  files: number;
  restarts: number;
  createdAt: number;
}

/** Long enough for the longest piece of work between two commits, short enough to be waited for. */
const LEASE = `interval '3 minutes'`;

/** Takes a running export for oneself. No row: there is none, or another has it. */
export const takeExport = (id: string, lease: string): Statement => ({
  text: `
    update exports
    set lease = $2::uuid, leased_until = clock_timestamp() + ${LEASE}, touched_at = clock_timestamp()
    where id = $1::uuid and status = 'running'
      and (leased_until is null or leased_until < clock_timestamp())
    returning *`,
  params: [id, lease],
});

/** Whether it is there to be worked on, by whomever. */
export const selectIsRunning = (id: string): Statement => ({
  text: `select 1 from exports where id = $1::uuid and status = 'running'`,
  params: [id],
});

export const toExportJob = (row: Row): ExportJob => ({
  id: String(row.id),
  userId: String(row.user_id),
  span: { from: boundOf(row.from_at, '-infinity'), to: boundOf(row.to_at, 'infinity') },
  includeRaw: row.include_raw === true,
  plan: row.plan as PlanStep[],
  step: Number(row.step),
  position: row.position as StepPosition | null,
  uploadId: row.upload_id === null ? null : String(row.upload_id),
  parts: row.parts as UploadedPart[],
  rest: Number(row.rest),
  bytes: Number(row.bytes),
  files: Number(row.files),
  restarts: Number(row.restarts),
  createdAt: instantOf(row.created_at),
});

const boundOf = (value: unknown, otherwise: string): string =>
  value === null ? otherwise : timestamp(instantOf(value));

/** Begins, or begins again: a plan, an upload, and nothing written. No row: another has it meanwhile. */
export const beginExport = (
  { id, restarts }: Pick<ExportJob, 'id' | 'restarts'>,
  lease: string,
  { plan, uploadId }: { plan: readonly PlanStep[]; uploadId: string },
): Statement => ({
  text: `
    with cleared as (delete from export_files where export_id = $1::uuid)
    update exports set
      plan = $3::jsonb, upload_id = $4, restarts = $5::int, step = 0, position = null, parts = '[]', rest = 0,
      bytes = 0, files = 0, touched_at = clock_timestamp()
    where id = $1::uuid and lease = $2::uuid and status = 'running'
    returning *`,
  params: [id, lease, JSON.stringify(plan), uploadId, restarts],
});

/** What was written since the last commit. */
export interface Progress {
  step: number;
  position: StepPosition | null;
  parts: readonly UploadedPart[];
  rest: number;
  bytes: number;
  files: readonly {
    path: string;
    part: string;
    rows: number | null;
    bytes: number;
    packed: number;
    crc32: number;
    sha256: string;
    startsAt: number;
  }[];
}

/** Writes down how far it has come. No row: it was deleted, or another has it meanwhile. */
export const keepProgress = (id: string, lease: string, progress: Progress): Statement => ({
  text: `
    with kept as (
      update exports set
        step = $3::int, position = $4::jsonb, parts = $5::jsonb, rest = $6::int, bytes = $7::bigint,
        files = files + jsonb_array_length($8::jsonb), faults = 0,
        touched_at = clock_timestamp(), leased_until = clock_timestamp() + ${LEASE}
      where id = $1::uuid and lease = $2::uuid and status = 'running'
      returning id, files - jsonb_array_length($8::jsonb) as before
    ),
    listed as (
      insert into export_files (export_id, ordinal, path, part, rows, bytes, packed, crc32, sha256, starts_at)
      select kept.id, before + ordinality, file ->> 'path', file ->> 'part', (file ->> 'rows')::bigint,
        (file ->> 'bytes')::bigint, (file ->> 'packed')::bigint, (file ->> 'crc32')::bigint, file ->> 'sha256',
        (file ->> 'startsAt')::bigint
      from kept, jsonb_array_elements($8::jsonb) with ordinality as each (file, ordinality)
    )
    select id from kept`,
  params: [
    id,
    lease,
    progress.step,
    progress.position === null ? null : JSON.stringify(progress.position),
    JSON.stringify(progress.parts),
    progress.rest,
    progress.bytes,
    JSON.stringify(progress.files),
  ],
});

/** Lets another go on. */
export const releaseExport = (id: string, lease: string): Statement => ({
  text: 'update exports set lease = null, leased_until = null where id = $1::uuid and lease = $2::uuid',
  params: [id, lease],
});

/** Files that are in the zip, in its order, after the one of that ordinal. */
export const selectFiles = (id: string, after: number, limit: number): Statement => ({
  text: `
    select ordinal, path, part, rows::float8 as rows, bytes::float8 as bytes, packed::float8 as packed,
      crc32::float8 as crc32, sha256, starts_at::float8 as starts_at
    from export_files
    where export_id = $1::uuid and ordinal > $2::int
    order by ordinal
    limit $3::int`,
  params: [id, after, limit],
});

export const finishExport = (
  id: string,
  lease: string,
  { sha256, bytes, days }: { sha256: string; bytes: number; days: number },
): Statement => ({
  text: `
    update exports set
      status = 'done', sha256 = $3, bytes = $4::bigint, step = jsonb_array_length(plan), rest = 0, parts = '[]',
      upload_id = null, lease = null, leased_until = null, finished_at = clock_timestamp(),
      expires_at = clock_timestamp() + make_interval(days => $5::int)
    where id = $1::uuid and lease = $2::uuid and status = 'running'
    returning id`,
  params: [id, lease, sha256, bytes, days],
});

/** After so many attempts in a row that came to nothing it has failed. @returns its status */
export const countFault = (id: string, lease: string, most: number): Statement => ({
  text: `
    update exports set
      faults = faults + 1, lease = null, leased_until = null,
      status = case when faults + 1 < $3::int then status else 'failed' end,
      failure = case when faults + 1 < $3::int then null else 'attempts_exhausted' end,
      finished_at = case when faults + 1 < $3::int then null else clock_timestamp() end
    where id = $1::uuid and lease = $2::uuid
    returning status`,
  params: [id, lease, most],
});

/** Exports whose time is over. */
export const selectExpired = (limit: number): Statement => ({
  text: `select id, user_id from exports where status = 'done' and expires_at < now() limit $1::int`,
  params: [limit],
});

/** Once its zip is gone. */
export const markExpired = (id: string): Statement => ({
  text: `
    with cleared as (delete from export_files where export_id = $1::uuid)
    update exports set status = 'expired' where id = $1::uuid`,
  params: [id],
});

/** @returns what there is of it to remove */
export const deleteExport = (id: string, userId: string): Statement => ({
  text: `
    delete from exports where id = $1::uuid and user_id = $2::uuid
    returning id, user_id, upload_id, rest`,
  params: [id, userId],
});
