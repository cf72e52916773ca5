import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless';
import { DrizzleQueryError } from 'drizzle-orm';
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http';
import type { Settings } from './env.ts';

/** Opens Postgres over Neon's HTTP protocol. The only file that names that driver. */

/** Values are text, numbers or null; arrays go as Postgres array literals, documents as JSON text. */
export interface Statement {
  text: string;
  params: readonly (string | number | null)[];
}

export type Row = Record<string, unknown>;

export interface Database {
  /** One statement, in a transaction of its own. @throws DatabaseUnreachable, DatabaseFault */
  query(statement: Statement): Promise<Row[]>;
  /**
   * A question of one person: in a role that sees no other's rows, whatever the statement says (migrations/0010).
   * @throws DatabaseUnreachable, DatabaseFault
   */
  queryAs(person: string, statement: Statement): Promise<Row[]>;
  /** All or none, in one round trip; answers with the rows of each. @throws DatabaseUnreachable, DatabaseFault */
  transaction(statements: readonly Statement[]): Promise<Row[][]>;
  /** Does all in one transaction and takes it back. @returns the first row of the last. @throws as transaction */
  rehearse(statements: readonly Statement[]): Promise<Row>;
  /** For ordinary queries in drizzle's words. @throws DatabaseUnreachable, DatabaseFault */
  orm<T>(use: (orm: NeonHttpDatabase) => Promise<T>): Promise<T>;
}

/** A `timestamptz` of a row as Unix milliseconds: its text, once drizzle has set the driver's parsers, or a Date. */
export function instantOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  return Date.parse(
    String(value)
      .replace(' ', 'T')
      .replace(/([+-]\d\d)$/, '$1:00'),
  );
}

/** Nothing wrong with what was asked: the same may succeed later. */
export class DatabaseUnreachable extends Error {
  override name = 'DatabaseUnreachable';
}

/** Postgres refused the statement. Carries its code, never its message: that may quote values. */
export class DatabaseFault extends Error {
  override name = 'DatabaseFault';
  readonly code: string;
  readonly constraint: string | null;

  constructor(code: string, constraint: string | null) {
    super(`Postgres answered ${code}${constraint === null ? '' : ` (${constraint})`}`);
    this.code = code;
    this.constraint = constraint;
  }
}

export const UNIQUE_VIOLATION = '23505';

/** A statement that takes longer has lost its connection, or its database. */
const TIMEOUT_MS = 30_000;

/** Opens nothing yet: every call is one HTTP request. Cheap enough for every request of ours. */
export function openDatabase(settings: Settings): Database {
  if (settings.NEON_ENDPOINT !== '') neonConfig.fetchEndpoint = settings.NEON_ENDPOINT;
  const sql = neon(settings.DATABASE_URL);
  // Few requests ask for it, and making it takes longer than most of what else a request does.
  let orm: NeonHttpDatabase | null = null;
  const openOrm = () => {
    orm ??= drizzle({ client: sql });
    return orm;
  };
  const options = () => ({ fetchOptions: { signal: AbortSignal.timeout(TIMEOUT_MS) } });
  const transaction = (statements: readonly Statement[]) =>
    sql.transaction(
      statements.map(({ text, params }) => sql.query(text, [...params])),
      // Each statement sees what others have committed meanwhile: a series that was just made, say.
      { isolationLevel: 'ReadCommitted', ...options() },
    );
  return {
    query: ({ text, params }) => translated(sql.query(text, [...params], options())),
    queryAs: async (person, statement) => {
      const [, rows = []] = await translated(transaction([asReaderFor(person), statement]));
      return rows;
    },
    transaction: (statements) => translated(transaction(statements)),
    rehearse: (statements) => takenBack(transaction(statements.map(takingBackTheLast))),
    orm: (use) => translated(use(openOrm())),
  };
}

/**
 * For the rest of the transaction. Compiling a plan takes longer than any question of ours, and where Neon keeps its
 * pages, those in a row cost what others cost.
 */
const asReaderFor = (person: string): Statement => ({
  text: `
    select set_config('role', 'self_sensored_reader', true), set_config('app.person', $1, true),
      set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true),
      set_config('statement_timeout', '25s', true)`,
  params: [person],
});

/** Its answer leaves in an error, and nothing stays behind (migrations/0006). */
const takingBackTheLast = ({ text, params }: Statement, i: number, all: readonly Statement[]) => ({
  text: i === all.length - 1 ? `select take_back(to_jsonb(answer)) from (${text}) as answer` : text,
  params,
});

const TAKEN_BACK = 'SS000';

async function takenBack(work: PromiseLike<unknown>): Promise<Row> {
  try {
    await work;
  } catch (error) {
    if (error instanceof NeonDbError && error.code === TAKEN_BACK) {
      return JSON.parse(error.detail ?? '{}');
    }
    throw translate(error);
  }
  throw new Error('The transaction was not taken back.');
}

async function translated<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw translate(error instanceof DrizzleQueryError ? error.cause : error);
  }
}

/**
 * Classes of SQLSTATE after which the same statement may succeed: connection lost, deadlock or serialisation,
 * out of resources, stopped by an operator, system error (appendix A of the PostgreSQL manual).
 */
const PASSING = ['08', '40', '53', '57', '58'];
/** Read-only, as a replica or a database that is being moved is. */
const READ_ONLY = '25006';

function translate(error: unknown): Error {
  if (!(error instanceof NeonDbError) || error.code === undefined) {
    return new DatabaseUnreachable('The database did not answer');
  }
  if (PASSING.includes(error.code.slice(0, 2)) || error.code === READ_ONLY) {
    return new DatabaseUnreachable(`The database is not available (${error.code})`);
  }
  return new DatabaseFault(error.code, error.constraint ?? null);
}
