import { type Database, DatabaseFault, DatabaseUnreachable } from '../database.ts';
import { noteDatabase } from './last-seen.ts';
import type { Meter } from './meter.ts';
import type { Trace } from './trace.ts';

/** The same database, with every round trip counted, timed and traced. Never with what was asked or answered. */
export function observed(
  database: Database,
  { meter, trace }: { meter: Meter; trace: Trace },
): Database {
  const watch = async <T>(operation: string, work: Promise<T>): Promise<T> => {
    const startedAt = Date.now();
    let outcome = 'ok';
    try {
      return await work;
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      const failed = outcome !== 'ok';
      noteDatabase(outcome !== 'away');
      meter.count('database_requests_total', { outcome });
      meter.observe('database_duration_seconds', {}, (Date.now() - startedAt) / 1000);
      const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation };
      trace.note({ name: `postgres ${operation}`, kind: 'client', startedAt, attributes, failed });
    }
  };
  return {
    query: (statement) => watch('query', database.query(statement)),
    queryAs: (person, statement) => watch('query', database.queryAs(person, statement)),
    transaction: (statements) => watch('transaction', database.transaction(statements)),
    dryRun: (statements) => watch('dry_run', database.dryRun(statements)),
    orm: (use) => watch('query', database.orm(use)),
  };
}

function outcomeOf(error: unknown): string {
  if (error instanceof DatabaseUnreachable) return 'away';
  return error instanceof DatabaseFault ? 'refused' : 'failed';
}
