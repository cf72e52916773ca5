import type { Database } from '../database.ts';
import type { Json } from '../model.ts';
import type { Findings } from '../store/maintenance-tasks.ts';
import {
  CHECK_TOTALS,
  COUNT_QUEUED_PEOPLE,
  MAX_QUEUED_PEOPLE,
  markQueued,
  releaseRecompute,
  remakeStretch,
  selectStalePeople,
  selectStaleStretch,
  takeRecompute,
  toStaleStretch,
  toWait,
} from '../store/stale-metrics.ts';
import { countFindings } from './count.ts';
import type { JobDependencies, MaintenanceDependencies } from './dependencies.ts';
import { enqueueJobs } from './job-message.ts';
import type { TaskStep } from './task.ts';

/** Day totals: recomputed where zone or order of sources has changed, and compared with their samples. */

const MAX_STEP_MS = 20_000;

/**
 * Recomputes stale days of a person, one step at a time and a person alone: a metric whose days were marked just now waits,
 * since whoever tries time zones tries several.
 * @returns after how many seconds there is more to do; `null`: nothing is stale
 * @throws DatabaseUnreachable: whoever calls, calls again
 */
export async function recomputeTotals(
  person: string,
  { database, recomputeAfterSeconds: quiet }: MaintenanceDependencies,
): Promise<number | null> {
  const wait = toWait((await database.query(takeRecompute(person, quiet)))[0]);
  if (wait !== 0) return wait;
  let left: number | null = null;
  try {
    await recomputeStretches(person, database, quiet);
  } finally {
    left = toWait((await database.query(releaseRecompute(person, quiet)))[0]);
  }
  return left;
}

async function recomputeStretches(
  person: string,
  database: Database,
  quiet: number,
): Promise<void> {
  for (const end = Date.now() + MAX_STEP_MS; Date.now() < end; ) {
    const [row] = await database.query(selectStaleStretch(person, quiet));
    if (row === undefined) return;
    await database.transaction(remakeStretch(person, toStaleStretch(row)));
  }
}

/** Compares some by chance, and marks those that differ. */
export async function checkTotals({
  database,
}: Pick<MaintenanceDependencies, 'database'>): Promise<Findings> {
  const [row] = await database.query(CHECK_TOTALS);
  const differing = Number(row?.differing ?? 0);
  countFindings({ totals_differing: differing });
  return { checked: Number(row?.checked ?? 0), differing };
}

/** People of a step. */
const MAX_PEOPLE = 500;
const FULL_SECONDS = 120;

/**
 * Sends a message for each person whose totals are stale. So many wait in the queue at most, so that a change of the
 * catalogue, which makes everybody's stale, does not hold up other jobs; the run goes on as they are done.
 */
export async function enqueueStale(
  cursor: Json,
  { database, work }: JobDependencies,
): Promise<TaskStep> {
  const [queued] = await database.query(COUNT_QUEUED_PEOPLE);
  const room = MAX_QUEUED_PEOPLE - Number(queued?.people ?? 0);
  if (room <= 0) return { findings: {}, cursor, next: { afterSeconds: FULL_SECONDS } };
  const after = typeof cursor === 'string' ? cursor : null;
  const limit = Math.min(room, MAX_PEOPLE);
  const rows = await database.query(selectStalePeople(after, limit));
  const people = rows.map(({ user_id }) => String(user_id));
  await enqueueJobs(
    work,
    people.map((totals) => ({ totals })),
  );
  if (people.length > 0) await database.query(markQueued(people));
  const isLast = people.length < limit;
  return {
    findings: { people: people.length },
    cursor: isLast ? null : (people.at(-1) ?? null),
    next: isLast ? 'done' : { afterSeconds: 0 },
  };
}
