import { advanceErasure } from '../erase/run.ts';
import { advanceExport } from '../export/run.ts';
import { log } from '../log.ts';
import type { Redis } from '../redis.ts';
import { selectJobKind } from '../store/jobs.ts';
import type { MaintenanceDependencies } from './dependencies.ts';
import { advanceJob as advanceReplay } from './time-machine.ts';

/** Long work of every kind: a message names it, a turn is done of it, and the next message is sent. */

export interface JobDependencies extends MaintenanceDependencies {
  redis: Redis;
}

type Work = (id: string, dependencies: JobDependencies) => Promise<void>;

const WORK: Readonly<Record<string, Work>> = {
  replay: advanceReplay,
  export: (id, dependencies) => inTurns(advanceExport, id, dependencies),
  erasure: (id, dependencies) => inTurns(advanceErasure, id, dependencies),
};

/** @throws what the work throws: whoever calls, calls again */
export async function advanceJob(id: string, dependencies: JobDependencies): Promise<void> {
  const [row] = await dependencies.database.query(selectJobKind(id));
  if (row === undefined) return;
  const kind = String(row.kind);
  // Should the turn end the isolate, this line says whose it was. The id of an erasure opens its receipt.
  log('info', 'job turn begins', { kind, job: kind === 'erasure' ? null : id });
  await WORK[kind]?.(id, dependencies);
}

async function inTurns(
  advance: (id: string, dependencies: JobDependencies) => Promise<'goes on' | 'ended'>,
  id: string,
  dependencies: JobDependencies,
): Promise<void> {
  const turn = await advance(id, dependencies);
  if (turn === 'goes on') await dependencies.lanes.backfill.send({ version: 1, job: id });
}
