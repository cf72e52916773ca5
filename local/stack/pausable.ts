import type { SqlBackend, SqlRunner } from './sql-backend.ts';

/** A database that can be held still: what asks meanwhile waits for its turn. */

export interface Pausable extends SqlBackend {
  /** Lets no statement begin, and waits for those under way. @returns what lets them begin again */
  hold(): Promise<() => void>;
}

export function pausable(backend: SqlBackend): Pausable {
  let held: Promise<void> | null = null;
  const underWay = new Set<Promise<unknown>>();
  const pass = async <T>(work: () => Promise<T>): Promise<T> => {
    while (held !== null) await held;
    const working = work();
    const ended = working.catch(() => {}).finally(() => underWay.delete(ended));
    underWay.add(ended);
    return working;
  };
  const runner = ({ run, runAll }: SqlRunner): SqlRunner => ({
    run: (query) => pass(() => run(query)),
    runAll: (queries, modes) => pass(() => runAll(queries, modes)),
  });
  return {
    ...runner(backend),
    asWorkers: runner(backend.asWorkers),
    exec: (sql) => pass(() => backend.exec(sql)),
    close: () => backend.close(),
    hold: async () => {
      while (held !== null) await held;
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      await Promise.all(underWay);
      return () => {
        held = null;
        resolve();
      };
    },
  };
}
