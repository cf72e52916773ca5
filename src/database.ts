import {
  type FullQueryResults,
  NeonDbError,
  type NeonQueryFunction,
  neon,
  neonConfig,
  types,
} from '@neondatabase/serverless';
import { DrizzleQueryError } from 'drizzle-orm';
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http';
import type { Settings } from './env.ts';
import { meaningOf } from './sqlstate.ts';

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
  /** Does all in one transaction and rolls it back. @returns the first row of the last. @throws as transaction */
  dryRun(statements: readonly Statement[]): Promise<Row>;
  /** For ordinary queries in drizzle's words. @throws DatabaseUnreachable, DatabaseFault */
  orm<T>(use: (orm: NeonHttpDatabase) => Promise<T>): Promise<T>;
}

/** By the numbers that pg_type has given them: date, timestamp, timestamptz, interval. */
const TIMES = [1082, 1114, 1184, 1186];
// They stay text, for drizzle as for us: whoever wants one converts it, once.
for (const type of TIMES) types.setTypeParser(type, String);

/** A `timestamptz` of a row as Unix milliseconds. */
export function instantOf(value: unknown): number {
  return Date.parse(
    String(value)
      .replace(' ', 'T')
      .replace(/([+-]\d\d)$/, '$1:00'),
  );
}

/**
 * The statement has not been carried out, and nothing says that it is at fault: the same may succeed later. Whatever
 * is no SQLSTATE of a class that is known is this.
 */
export class DatabaseUnreachable extends Error {
  override name = 'DatabaseUnreachable';
  /** The SQLSTATE, where Postgres has said one. */
  readonly code: string | null;

  constructor(message: string, code: string | null = null) {
    super(message);
    this.code = code;
  }
}

/** Postgres has refused the statement with a code that may say anything. */
export class DatabaseUnexplained extends DatabaseUnreachable {
  override name = 'DatabaseUnexplained';
}

/** The proxy takes no request of this size. */
export class RequestTooLarge extends DatabaseUnreachable {
  override name = 'RequestTooLarge';
}

/**
 * Postgres has refused the statement for its rows, or for what it names. Carries the code, never the message: that may
 * quote values.
 */
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

/** The client of each URL: it holds no connection, and taking a URL apart costs as much as the rest of a request. */
const clients = new Map<string, NeonQueryFunction<true, true>>();

function clientOf(url: string): NeonQueryFunction<true, true> {
  const client = clients.get(url) ?? neon(url, { arrayMode: true, fullResults: true });
  clients.set(url, client);
  return client;
}

/** Opens nothing yet: every call is one HTTP request. Cheap enough for every request of ours. */
export function openDatabase(settings: Settings): Database {
  if (settings.NEON_ENDPOINT !== '') neonConfig.fetchEndpoint = settings.NEON_ENDPOINT;
  const sql = clientOf(settings.DATABASE_URL);
  // Few requests ask for it, and making it takes longer than most of what else a request does.
  let orm: NeonHttpDatabase | null = null;
  const openOrm = () => {
    orm ??= drizzle({ client: sql });
    return orm;
  };
  const options = () => ({ fetchOptions: { signal: AbortSignal.timeout(TIMEOUT_MS) } });
  const query = async ({ text, params }: Statement) =>
    rowsOf(await sql.query(text, params.map(wellFormed), options()));
  const transaction = async (statements: readonly Statement[]): Promise<Row[][]> => {
    const results = await sql.transaction(
      statements.map(({ text, params }) => sql.query(text, params.map(wellFormed))),
      // Each statement sees what others have committed meanwhile: a series that was just made, say.
      { isolationLevel: 'ReadCommitted', ...options() },
    );
    if (results.length !== statements.length) {
      throw new DatabaseUnreachable('The database answered something else');
    }
    return results.map(rowsOf);
  };
  const run = (statements: readonly Statement[]) =>
    translated(transaction(statements), () => sizeOf(statements));
  return {
    query: (statement) => translated(query(statement), () => sizeOf([statement])),
    queryAs: async (person, statement) => {
      const [, rows = []] = await run([asReaderFor(person), statement]);
      return rows;
    },
    transaction: run,
    dryRun: (statements) =>
      takenBack(transaction(statements.map(takingBackTheLast)), () => sizeOf(statements)),
    orm: (use) => translated(use(openOrm()), () => 0),
  };
}

/** The driver would make each row of pairs of names and values, which takes twice as long. */
function rowsOf({ fields, rows }: Pick<FullQueryResults<true>, 'fields' | 'rows'>): Row[] {
  const names = fields.map(({ name }) => name);
  return rows.map((values) => {
    const row: Row = {};
    for (let i = 0; i < names.length; i++) row[names[i] ?? ''] = values[i];
    return row;
  });
}

/** Neon's proxy refuses a whole request, and without a code, for one half of a surrogate pair. */
const wellFormed = (value: string | number | null) =>
  typeof value === 'string' ? value.toWellFormed() : value;

/** Of a request, in characters: a little less than its bytes. */
const sizeOf = (statements: readonly Statement[]): number =>
  statements.reduce(
    (sum, { text, params }) =>
      params.reduce<number>((all, param) => all + String(param).length, sum + text.length),
    0,
  );

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

async function takenBack(work: PromiseLike<unknown>, size: () => number): Promise<Row> {
  try {
    await work;
  } catch (error) {
    if (error instanceof NeonDbError && error.code === TAKEN_BACK) {
      return JSON.parse(error.detail ?? '{}');
    }
    throw translate(error, size);
  }
  // What commits has not been asked for: this answer is not the database's.
  throw new DatabaseUnreachable('The database answered something else');
}

async function translated<T>(work: PromiseLike<T>, size: () => number): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw translate(error instanceof DrizzleQueryError ? error.cause : error, size);
  }
}

/** The proxy takes 10 MiB at least. That a smaller request is too large says nothing of the request. */
const MIN_TOO_LARGE = 1024 * 1024;

function translate(error: unknown, size: () => number): DatabaseUnreachable | DatabaseFault {
  if (error instanceof DatabaseUnreachable) return error;
  if (!(error instanceof NeonDbError)) return new DatabaseUnreachable(NO_ANSWER);
  const code = error.code ?? '';
  switch (meaningOf(code)) {
    case 'rows':
      return new DatabaseFault(code, error.constraint ?? null);
    case 'unknown':
      return new DatabaseUnexplained(`Postgres answered ${code}`, code);
    case 'none':
      return withoutCode(error.message, size);
    default:
      return new DatabaseUnreachable(`The database is not available (${code})`, code);
  }
}

const NO_ANSWER = 'The database did not answer';

/** What the proxy says stays here, as it may quote the request: the log has the status, or that the password was refused. */
function withoutCode(message: string, size: () => number): DatabaseUnreachable {
  // The words of the driver for any status but 200 and 400.
  const [, status] = /^Server error \(HTTP status (\d{3})\)/.exec(message) ?? [];
  if (status === '413' && size() >= MIN_TOO_LARGE) {
    return new RequestTooLarge('The request is too large for the database');
  }
  if (status !== undefined) return new DatabaseUnreachable(`${NO_ANSWER} (HTTP ${status})`);
  const isRefused = message.startsWith('password authentication failed');
  return new DatabaseUnreachable(isRefused ? 'The database refuses the password' : NO_ANSWER);
}
