import { type Database, DatabaseUnreachable } from '../database.ts';
import { log } from '../log.ts';
import { EXPORT_TABLES } from '../read/export-tables.ts';
import { PART_BYTES, readRest, startUpload, UploadGone, zipKeyOf } from '../store/export-object.ts';
import {
  beginExport,
  countFault,
  type ExportJob,
  releaseExport,
  selectIsRunning,
  takeExport,
  toExportJob,
} from '../store/exports.ts';
import { StorageUnreachable } from '../store/raw.ts';
import { Archive } from './archive.ts';
import { closeExport } from './close.ts';
import type { ExportContext, ExportDependencies } from './context.ts';
import { readPage } from './pages.ts';
import { makePlan } from './plan.ts';
import { removeLeftovers } from './remove.ts';
import { LeaseLost, writeSteps } from './write-steps.ts';

/** Another works on this export, or has stopped to without a word. */
export class ExportBusy extends Error {
  override name = 'ExportBusy';
}

/** Attempts in a row, and beginnings from scratch, after which an export has failed. */
const MOST_FAULTS = 5;
const MOST_RESTARTS = 3;

/** `goes on`: there is more to do, in another turn. */
export type Turn = 'goes on' | 'ended';

/**
 * Goes on with an export from where it was last committed, for a turn.
 * @throws DatabaseUnreachable, StorageUnreachable, ExportBusy: whoever calls, calls again
 */
export async function advanceExport(id: string, dependencies: ExportDependencies): Promise<Turn> {
  const { database } = dependencies;
  const lease = crypto.randomUUID();
  const [row] = await database.query(takeExport(id, lease));
  if (row === undefined) {
    const running = await database.query(selectIsRunning(id));
    if (running.length > 0) throw new ExportBusy('Another works on it');
    return 'ended';
  }
  const job = toExportJob(row);
  try {
    return await takeTurn(job, lease, dependencies);
  } catch (error) {
    if (error instanceof LeaseLost) return 'ended';
    if (error instanceof DatabaseUnreachable || error instanceof StorageUnreachable) {
      await database.query(releaseExport(id, lease)).catch(() => {});
      throw error;
    }
    return fail(job, lease, error, dependencies);
  }
}

async function takeTurn(
  stored: ExportJob,
  lease: string,
  dependencies: ExportDependencies,
): Promise<Turn> {
  const { database } = dependencies;
  let job = stored;
  try {
    if (job.uploadId === null) job = await begin(job, lease, dependencies);
    const context = await openContext(job, dependencies);
    const progress = await writeSteps(context, lease);
    if (progress.isComplete) {
      await closeExport({ ...context, job: { ...job, rest: progress.rest } }, lease);
      return 'ended';
    }
  } catch (error) {
    if (!(error instanceof UploadGone) || job.restarts >= MOST_RESTARTS) throw error;
    await removeLeftovers(dependencies.bucket, job);
    await begin({ ...job, restarts: job.restarts + 1 }, lease, dependencies);
  }
  await database.query(releaseExport(job.id, lease));
  return 'goes on';
}

async function begin(
  job: ExportJob,
  lease: string,
  dependencies: ExportDependencies,
): Promise<ExportJob> {
  const plan = await makePlan(job, dependencies);
  const uploadId = await startUpload(dependencies.bucket, zipKeyOf(job.userId, job.id));
  const [row] = await dependencies.database.query(beginExport(job, lease, { plan, uploadId }));
  if (row === undefined) throw new LeaseLost('The export is not there any more');
  return toExportJob(row);
}

async function openContext(
  job: ExportJob,
  { database, bucket }: ExportDependencies,
): Promise<ExportContext> {
  const { userId, id, uploadId, parts, bytes, createdAt } = job;
  const rest = job.rest === 0 ? new Uint8Array(0) : await readRest(bucket, job, job.rest);
  if (rest === null || uploadId === null) throw new UploadGone('A part of it is gone');
  // Begun by a release whose parts were larger: R2 takes no parts of two sizes.
  if (parts.length * PART_BYTES + rest.length !== bytes) throw new UploadGone('Of other parts');
  const place = { bucket, userId, id, uploadId, madeAt: new Date(createdAt) };
  const seriesOf = await readSeries(job, database);
  return { database, bucket, job, seriesOf, archive: new Archive(place, { parts, rest, bytes }) };
}

async function readSeries(job: ExportJob, database: Database) {
  const seriesOf: Map<number, Awaited<ReturnType<typeof readPage>>['rows'][number]> = new Map();
  const [table] = EXPORT_TABLES;
  let after: (string | number)[] | null = null;
  do {
    if (table === undefined) break;
    const page = await readPage({ database, job }, table, ALL, after);
    for (const row of page.rows) seriesOf.set(Number(row.id), row);
    after = page.next;
  } while (after !== null);
  return seriesOf;
}

const ALL = { from: '-infinity', to: 'infinity' };

async function fail(
  job: ExportJob,
  lease: string,
  error: unknown,
  { database, bucket }: ExportDependencies,
): Promise<Turn> {
  // The words of an unknown error may quote data; its name does not.
  const fault = error instanceof Error ? error.name : 'unknown';
  log('error', 'export interrupted', { export_id: job.id, user_id: job.userId, fault });
  const [row] = await database.query(countFault(job.id, lease, MOST_FAULTS));
  if (row?.status !== 'failed') return 'goes on';
  await removeLeftovers(bucket, job);
  return 'ended';
}
