/** A Postgres that the Neon endpoint can stand in front of: the embedded one, or a real one. */

export const WORKERS_ROLE = 'self_sensored_app';

/** A statement as Neon's driver sends it: all parameters are text. */
export interface SqlQuery {
  query: string;
  params: (string | null)[];
}

/** An answer as Neon's driver reads it: values are text, rows are arrays. */
export interface SqlResult {
  fields: { name: string; dataTypeID: number }[];
  rows: (string | null)[][];
  command: string;
  rowCount: number | null;
}

export interface SqlRunner {
  run(query: SqlQuery): Promise<SqlResult>;
  /** All or none. @param modes of the transaction in Postgres' words, such as `isolation level serializable` */
  runAll(queries: readonly SqlQuery[], modes?: string): Promise<SqlResult[]>;
}

/** As its owner, who migrates. */
export interface SqlBackend extends SqlRunner {
  /** In the role of the Workers (migrations/0018), which exists once the database is migrated. */
  asWorkers: SqlRunner;
  /** Several statements without parameters, as a migration has. */
  exec(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** Postgres could not be reached at all, or the connection has broken during a statement. */
export class BackendAway extends Error {
  override name = 'BackendAway';
  readonly during: 'connection' | 'statement';

  constructor(message: string, during: 'connection' | 'statement', options?: ErrorOptions) {
    super(message, options);
    this.during = during;
  }
}
