import { instantOf, type Row, type Statement } from '../database.ts';
import type { Automation, Counts, FailureCode } from '../model.ts';
import { timestamp } from './receipts.ts';

/** Jobs and their steps: long work that goes on from where it stopped, whoever takes it up. */

export interface NewReplayJob {
  /** Whose uploads. */
  userId: string;
  /** Who asked. */
  keyId: string;
  correlationId: string;
  /** Uploads that were received in `[from, to)`. */
  from: number;
  to: number;
  /** Only those of which a slice was read by a decoder older than this. */
  decoderBelow: number | null;
  applies: boolean;
}

/** Makes the job, and a step for each upload. Replays are no uploads of their own. */
export const createReplayJob = (id: string, job: NewReplayJob): Statement[] => [
  {
    text: `
      insert into jobs (id, kind, user_id, key_id, correlation_id, from_at, to_at, applies)
      values ($1, 'replay', $2, $3, $4, $5, $6, $7)`,
    params: [
      id,
      job.userId,
      job.keyId,
      job.correlationId,
      timestamp(job.from),
      timestamp(job.to),
      String(job.applies),
    ],
  },
  {
    text: `
      insert into job_steps (job_id, ordinal, ingestion_id, received_at)
      select jobs.id, row_number() over (order by received_at, ingestions.id), ingestions.id, received_at
      from jobs
      join ingestions using (user_id)
      where jobs.id = $1::uuid
        and received_at >= from_at
        and received_at < to_at
        and replay_of is null
        and ($2::int is null or exists (
          select from ingestion_slices as slice
          where (slice.ingestion_id, slice.received_at) = (ingestions.id, ingestions.received_at)
            and coalesce(decoder, 0) < $2::int
        ))`,
    params: [id, job.decoderBelow],
  },
  {
    text: `
      update jobs set steps_total = (select count(*) from job_steps where job_id = jobs.id)
      where id = $1::uuid`,
    params: [id],
  },
];

/** One upload to be replayed, and what the replay needs to know of it. */
export interface ReplayStep {
  ordinal: number;
  applies: boolean;
  ingestionId: string;
  replayId: string;
  userId: string;
  /** The key that asked for the job. */
  keyId: string;
  correlationId: string;
  timeZone: string;
  saidAt: number;
  rawKey: string;
  automation: Automation;
}

/**
 * The next steps of a running job. Each is given the id of its replay, $3 for the first, unless it has one already:
 * beginning a step twice is one replay. No rows: there is nothing left to do.
 */
export const takeSteps = (id: string, replayIds: readonly string[]): Statement => ({
  text: `
    with touched as (
      update jobs set touched_at = clock_timestamp()
      where id = $1::uuid and status = 'running'
      returning id, applies, user_id, key_id, correlation_id
    ),
    next as (
      select job_id, ordinal, row_number() over (order by ordinal) as place
      from job_steps join touched on touched.id = job_id
      where done_at is null
      order by ordinal
      limit cardinality($2::uuid[])
    ),
    taken as (
      update job_steps set replay_id = coalesce(replay_id, ($2::uuid[])[place])
      from next
      where (job_steps.job_id, job_steps.ordinal) = (next.job_id, next.ordinal)
      returning job_steps.*
    )
    select taken.ordinal, taken.ingestion_id, taken.replay_id, touched.*, time_zone, raw_key, automation,
      coalesce(said_at, ingestions.received_at) as said_at
    from taken
    cross join touched
    join users on users.id = touched.user_id
    join ingestions on (ingestions.id, ingestions.received_at) = (taken.ingestion_id, taken.received_at)
    order by taken.ordinal`,
  params: [id, `{${replayIds.join(',')}}`],
});

export const toStep = (row: Row): ReplayStep => ({
  ordinal: Number(row.ordinal),
  applies: row.applies === true,
  ingestionId: String(row.ingestion_id),
  replayId: String(row.replay_id),
  userId: String(row.user_id),
  keyId: String(row.key_id),
  correlationId: String(row.correlation_id),
  timeZone: String(row.time_zone),
  saidAt: instantOf(row.said_at),
  rawKey: String(row.raw_key),
  automation: row.automation as Automation,
});

/** What came of a step: of a preview its counts, or why there are none. */
export interface StepEnding {
  counts: Record<string, Counts> | null;
  failure: FailureCode | null;
}

export const finishStep = (id: string, ordinal: number, ending: StepEnding): Statement => ({
  text: `
    update job_steps set done_at = clock_timestamp(), counts = $3::jsonb, failure = $4
    where (job_id, ordinal) = ($1::uuid, $2::int) and done_at is null`,
  params: [
    id,
    ordinal,
    ending.counts === null ? null : JSON.stringify(ending.counts),
    ending.failure,
  ],
});

/** Ends a job of which no step is left. */
export const finishJob = (id: string): Statement => ({
  text: `
    update jobs set status = 'done', finished_at = clock_timestamp()
    where id = $1::uuid
      and status = 'running'
      and not exists (select from job_steps where job_id = jobs.id and done_at is null)`,
  params: [id],
});

export const cancelJob = (id: string): Statement => ({
  text: `
    update jobs set status = 'cancelled', finished_at = clock_timestamp()
    where id = $1::uuid and status = 'running'
    returning id`,
  params: [id],
});

/** Long work of any kind that has not gone on for ten minutes: its message was lost. */
export const SELECT_STALLED_JOBS: Statement = {
  text: `
    select id from (
      select id, touched_at from jobs where status = 'running'
      union all
      select id, touched_at from exports where status = 'running'
      union all
      select id, touched_at from erasures where status = 'running'
    ) as running
    where touched_at < now() - interval '10 minutes'
    order by touched_at
    limit 1000`,
  params: [],
};

/** Which kind of work an id is of: `replay`, `export` or `erasure`. No row: none that there is. */
export const selectJobKind = (id: string): Statement => ({
  text: `
    select 'replay' as kind from jobs where id = $1::uuid
    union all
    select 'export' from exports where id = $1::uuid
    union all
    select 'erasure' from erasures where id = $1::uuid`,
  params: [id],
});
