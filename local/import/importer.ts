import { DECOY_HASH } from '../../src/keys/argon2-parameters.ts';
import { randomLookup } from '../../src/keys/format.ts';
import { type ExportTable, exportTable } from '../../src/read/export-tables.ts';
import { REGISTER_SERIES } from '../../src/store/series.ts';
import { batchesOf } from './lines.ts';
import type { Manifest } from './manifest.ts';
import {
  ensurePartitionsOf,
  IMPORT_KEY,
  insertRows,
  PERSON,
  SERIES_NUMBERS,
  STALE,
  WORKOUT_NUMBERS,
} from './statements.ts';
import type { ZipReader } from './zip-reader.ts';

/** Puts an export into the account of a person. Doing it twice changes nothing, nor does going on after a break. */

/** What an import needs of a database. */
export interface ImportDatabase {
  query(sql: string, params: (string | null)[]): Promise<Record<string, unknown>[]>;
}

/** Rows of a table: those of the export, and those that were not there yet. */
export interface Imported {
  rows: number;
  stored: number;
}

export interface ImportOptions {
  zip: ZipReader;
  manifest: Manifest;
  email: string;
  /** Told how many rows are through. */
  onRows: (rows: number) => void;
}

export async function importAll(
  database: ImportDatabase,
  { zip, manifest, email, onRows }: ImportOptions,
): Promise<Record<string, Imported>> {
  const { time_zone, week_start, units } = manifest.person;
  const about = [email, time_zone, String(week_start), JSON.stringify(units)];
  const [person] = await database.query(PERSON, about);
  const work = new Import(database, String(person?.id));
  const imported: Record<string, Imported> = {};
  let rows = 0;
  for (const { path, part } of manifest.files) {
    const [table, entry] = [exportTable(part), zip.entries.get(path)];
    if (table === undefined || entry === undefined || !path.endsWith('.ndjson')) continue;
    const counts = imported[part] ?? { rows: 0, stored: 0 };
    imported[part] = counts;
    for await (const lines of batchesOf(await zip.read(entry))) {
      counts.stored += await work.store(table, lines);
      counts.rows += lines.length;
      rows += lines.length;
      onRows(rows);
    }
  }
  await database.query(STALE, [work.userId]);
  return imported;
}

/** Numbers of series and workouts: in the export, and here. */
type Numbers = Map<string, string>;

class Import {
  readonly #database: ImportDatabase;
  readonly userId: string;
  readonly #series: Numbers = new Map();
  readonly #workouts: Numbers = new Map();
  #keyId: string | null = null;

  constructor(database: ImportDatabase, userId: string) {
    this.#database = database;
    this.userId = userId;
  }

  /** @returns how many of them were not there yet */
  async store(table: ExportTable, lines: readonly string[]): Promise<number> {
    const rows = `[${lines.join(',')}]`;
    if (table.name === 'series') return this.#storeSeries(rows);
    if (table.time !== null) {
      await this.#database.query(ensurePartitionsOf(table), [rows, table.table]);
    }
    const stored = await this.#insert(table, rows, lines);
    if (table.name === 'workouts') await this.#learn(this.#workouts, WORKOUT_NUMBERS, rows);
    return stored;
  }

  async #insert(table: ExportTable, rows: string, lines: readonly string[]): Promise<number> {
    const [row] = await this.#database.query(insertRows(table), [
      rows,
      this.userId,
      numbersIn(lines, SERIES, this.#series),
      numbersIn(lines, WORKOUT, this.#workouts),
      table.name === 'receipts' ? await this.#key() : null,
    ]);
    return Number(row?.rows);
  }

  async #storeSeries(rows: string): Promise<number> {
    const count = async () => {
      const text = 'select count(*) as rows from series where user_id = $1::uuid';
      return Number((await this.#database.query(text, [this.userId]))[0]?.rows);
    };
    const before = await count();
    await this.#database.query(REGISTER_SERIES, [this.userId, rows]);
    await this.#learn(this.#series, SERIES_NUMBERS, rows);
    return (await count()) - before;
  }

  async #learn(numbers: Numbers, sql: string, rows: string): Promise<void> {
    for (const { there, here } of await this.#database.query(sql, [rows, this.userId])) {
      numbers.set(String(there), String(here));
    }
  }

  async #key(): Promise<string> {
    if (this.#keyId === null) {
      const [key] = await this.#database.query(IMPORT_KEY, [
        this.userId,
        randomLookup(),
        DECOY_HASH,
      ]);
      this.#keyId = String(key?.id);
    }
    return this.#keyId;
  }
}

/** A row that hangs on something begins with it. */
const WORKOUT = /^\{"workout":(\d+)/;
const SERIES = /^\{(?:"workout":\d+,)?"series":(\d+)/;

/** Those that the rows name, as a parameter. */
function numbersIn(lines: readonly string[], where: RegExp, numbers: Numbers): string {
  const named = new Set(lines.map((line) => where.exec(line)?.[1] ?? ''));
  const pairs = [...named].map((there) => ({ there, here: numbers.get(there) }));
  return JSON.stringify(pairs.filter(({ here }) => here !== undefined));
}
