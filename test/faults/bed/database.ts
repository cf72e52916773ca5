import { setTimeout } from 'node:timers/promises';
import { startNeonEndpoint } from '../../../local/stack/neon-endpoint.ts';
import { openRealPostgres } from '../../../local/stack/real-postgres.ts';
import {
  BackendAway,
  type SqlBackend,
  type SqlQuery,
  type SqlRunner,
} from '../../../local/stack/sql-backend.ts';
import { createSwitch } from '../../../local/stack/switch.ts';
import { ALWAYS, FaultPlan, type Often } from './plan.ts';
import type { Random } from './random.ts';

/** The database behind Neon's protocol, with faults between the two. */

export type DatabaseFault =
  /** Nobody answers for it. */
  | { kind: 'down' }
  /** Each statement takes that much longer. */
  | { kind: 'slow'; ms: number }
  /** Postgres refuses, with a code of appendix A of its manual. */
  | { kind: 'sqlstate'; code: string }
  /** Committed, but the answer never comes. */
  | { kind: 'lost' };

export interface FaultyDatabase {
  url: string;
  /** Until `reset`. */
  behave(fault: DatabaseFault): void;
  /** Of the next requests, each a statement or a transaction. */
  failNext(fault: DatabaseFault, often?: Often): void;
  readonly faults: number;
  reset(): void;
  /** The same database, past all faults. */
  backend: SqlBackend;
  stop(): Promise<void>;
}

export async function startDatabase(url: string, random: Random): Promise<FaultyDatabase> {
  const backend = openRealPostgres(url);
  const plan = new FaultPlan<'any', DatabaseFault>(random);
  const endpoint = await startNeonEndpoint(withFaults(backend.asWorkers, plan), createSwitch());
  return {
    url: endpoint.url,
    behave: (fault) => plan.add('any', fault, ALWAYS),
    failNext: (fault, often = 1) => plan.add('any', fault, often),
    get faults() {
      return plan.dealt;
    },
    reset: () => plan.reset(),
    backend,
    stop: async () => {
      await endpoint.stop();
      await backend.close();
    },
  };
}

function withFaults(backend: SqlRunner, plan: FaultPlan<'any', DatabaseFault>): SqlRunner {
  const through = async <T>(statements: number, work: () => Promise<T>): Promise<T> => {
    const fault = plan.next('any');
    if (fault?.kind === 'down') throw new BackendAway('as asked');
    if (fault?.kind === 'sqlstate') throw postgresError(fault.code);
    if (fault?.kind === 'slow') await setTimeout(fault.ms * statements);
    const result = await work();
    if (fault?.kind === 'lost') throw new BackendAway('after the commit, as asked');
    return result;
  };
  return {
    run: (query: SqlQuery) => through(1, () => backend.run(query)),
    runAll: (queries, modes) => through(queries.length, () => backend.runAll(queries, modes)),
  };
}

const postgresError = (code: string): Error =>
  Object.assign(new Error(`refused with ${code}, as asked`), { code, severity: 'ERROR' });
