import { setTimeout } from 'node:timers/promises';
import { AnsweredBy, startNeonEndpoint } from '../../../local/stack/neon-endpoint.ts';
import { NEON_SHAPES, REQUEST_TOO_LARGE, shapeOf } from '../../../local/stack/neon-shapes.ts';
import { openRealPostgres } from '../../../local/stack/real-postgres.ts';
import type { SqlBackend, SqlQuery, SqlRunner } from '../../../local/stack/sql-backend.ts';
import { createSwitch } from '../../../local/stack/switch.ts';
import { ALWAYS, FaultPlan, type Often } from './plan.ts';
import type { Random } from './random.ts';

/** The database behind Neon's protocol, with faults between the two. */

export type DatabaseFault =
  /** Nobody answers for it. */
  | { kind: 'down' }
  /** Neon answers in one of the shapes of local/stack/neon-shapes.ts, or each time in another. */
  | { kind: 'shape'; name: string | 'any' }
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
  /** Neon takes no requests with more characters, until `reset`. */
  limitRequests(size: number): void;
  readonly faults: number;
  reset(): void;
  /** The same database, past all faults. */
  backend: SqlBackend;
  stop(): Promise<void>;
}

export async function startDatabase(url: string, random: Random): Promise<FaultyDatabase> {
  const backend = openRealPostgres(url);
  const plan = new FaultPlan<'any', DatabaseFault>(random);
  const faults = { plan, random, largest: Number.POSITIVE_INFINITY };
  const faulty = withFaults(backend.asWorkers, faults);
  const endpoint = await startNeonEndpoint(faulty, createSwitch());
  return {
    url: endpoint.url,
    behave: (fault) => plan.add('any', fault, ALWAYS),
    failNext: (fault, often = 1) => plan.add('any', fault, often),
    get faults() {
      return plan.dealt;
    },
    limitRequests: (size) => {
      faults.largest = size;
    },
    reset: () => {
      plan.reset();
      faults.largest = Number.POSITIVE_INFINITY;
    },
    backend,
    stop: async () => {
      await endpoint.stop();
      await backend.close();
    },
  };
}

interface Faults {
  plan: FaultPlan<'any', DatabaseFault>;
  random: Random;
  /** Characters that a request may have. */
  largest: number;
}

function withFaults(backend: SqlRunner, faults: Faults): SqlRunner {
  const { plan, random } = faults;
  const through = async <T>(queries: readonly SqlQuery[], work: () => Promise<T>): Promise<T> => {
    if (sizeOf(queries) > faults.largest) throw new AnsweredBy(REQUEST_TOO_LARGE);
    const fault = plan.next('any');
    if (fault?.kind === 'down') throw new AnsweredBy(shapeOf('compute_not_reached'));
    if (fault?.kind === 'shape') throw new AnsweredBy(shapeFor(fault.name, random));
    if (fault?.kind === 'sqlstate') throw postgresError(fault.code);
    if (fault?.kind === 'slow') await setTimeout(fault.ms * queries.length);
    const result = await work();
    if (fault?.kind === 'lost') throw new AnsweredBy(shapeOf('connection_closed'));
    return result;
  };
  return {
    run: (query: SqlQuery) => through([query], () => backend.run(query)),
    runAll: (queries, modes) => through(queries, () => backend.runAll(queries, modes)),
  };
}

const shapeFor = (name: string, random: Random) =>
  shapeOf(
    name === 'any' ? (NEON_SHAPES[Math.floor(random() * NEON_SHAPES.length)]?.name ?? '') : name,
  );

const sizeOf = (queries: readonly SqlQuery[]): number =>
  queries.reduce(
    (sum, { query, params }) =>
      params.reduce((all, param) => all + (param?.length ?? 0), sum + query.length),
    0,
  );

const postgresError = (code: string): Error =>
  Object.assign(new Error(`refused with ${code}, as asked`), { code, severity: 'ERROR' });
