import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { migrate } from '../../migrations/run.ts';
import { openDatabase } from '../../src/database.ts';
import { decodeContext, readAutomation } from '../../src/hae/context.ts';
import { Cutter } from '../../src/hae/cut.ts';
import { decode } from '../../src/hae/decode.ts';
import type { Archived, Ingestion, Receipt, Slice } from '../../src/model.ts';
import { storeSlice } from '../../src/store/load.ts';
import { asMigrated, openBackend, queryRows } from '../stack/database.ts';
import { startNeonEndpoint } from '../stack/neon-endpoint.ts';
import { createSwitch } from '../stack/switch.ts';
import { readFiles } from './files.ts';
import { readTables, type Tables } from './tables.ts';

/** Cutter, decoder and store without the Workers around them, over an embedded Postgres. */

export interface LoadOptions {
  headers?: Record<string, string>;
  /** Unix milliseconds; later payloads win. */
  receivedAt?: number;
  sliceBytes?: number;
  /** In which order the slices are loaded, and how often. */
  order?: (slices: Slice[]) => Slice[];
  /** Called when a slice has been stored. */
  onSlice?: (ingestion: Ingestion) => Promise<void>;
}

export interface Loader {
  /** @returns the id of a new person. */
  newPerson(timeZone?: string): Promise<string>;
  load(person: string, body: Uint8Array | string, options?: LoadOptions): Promise<Receipt>;
  /** All that is stored of a person, table by table. */
  tables(person: string): Promise<Tables>;
  query(sql: string, params?: (string | null)[]): Promise<Record<string, string | null>[]>;
  stop(): Promise<void>;
}

/** @param databaseUrl a real Postgres in place of the embedded one. */
export async function startLoader(databaseUrl: string | null = null): Promise<Loader> {
  const backend = await openBackend(databaseUrl, null);
  await migrate(asMigrated(backend));
  const endpoint = await startNeonEndpoint(backend.asWorkers, createSwitch());
  const database = openDatabase({
    DATABASE_URL: 'postgres://local:local@db.local/local',
    NEON_ENDPOINT: endpoint.url,
    ENVIRONMENT: 'local',
  });
  const keys = new Map<string, string>();

  async function load(person: string, raw: Uint8Array | string, options: LoadOptions = {}) {
    const { headers = {}, receivedAt = Date.now(), sliceBytes = 524_288 } = options;
    const given = typeof raw === 'string' ? new TextEncoder().encode(raw) : raw;
    const body = await readFiles(given, new Headers(headers).get('content-type'));
    const ingestion: Ingestion = {
      id: uuidv7({ msecs: receivedAt }),
      userId: person,
      keyId: keys.get(person) ?? '',
      receivedAt,
      saidAt: receivedAt,
      replayOf: null,
      correlationId: 'corpus',
      traceparent: null,
      timeZone: 'Europe/Vienna',
      automation: readAutomation(new Headers(headers)),
      idempotencyKey: null,
    };
    const sha256 = createHash('sha256').update(body).digest('hex');
    const archived: Archived = { rawKey: 'corpus', bytes: body.length, sha256, cut: '' };
    const { slices } = cut(body, sliceBytes);
    let receipt: Receipt | null = null;
    for (const slice of options.order?.(slices) ?? slices) {
      const bytes = body.subarray(slice.start, slice.end);
      const decoded = decode(bytes, slice, decodeContext(ingestion));
      const stored = { ingestion, archived, slicesTotal: slices.length, slice: slice.number };
      receipt = (await storeSlice(database, { ...stored, decoded }))?.receipt ?? receipt;
      await options.onSlice?.(ingestion);
    }
    if (receipt === null) throw new Error('No slice was stored.');
    return receipt;
  }

  return {
    load,
    newPerson: async (timeZone = 'Europe/Vienna') => {
      const [row] = await queryRows(backend, NEW_PERSON, [timeZone]);
      const { person, key } = row ?? {};
      if (!person || !key) throw new Error('There is no new person.');
      keys.set(person, key);
      return person;
    },
    tables: (person) => readTables((sql, params) => queryRows(backend, sql, params), person),
    query: (sql, params = []) => queryRows(backend, sql, params),
    stop: async () => {
      await endpoint.stop();
      await backend.close();
    },
  };
}

const NEW_PERSON = `
  with person as (
    insert into users (email, time_zone) values (gen_random_uuid() || '@example.org', $1) returning id
  )
  insert into api_keys (user_id, kind, lookup, secret_hash)
  select id, 'ing', substr(md5(random()::text), 1, 12), '' from person
  returning user_id as person, id as key`;

function cut(body: Uint8Array, sliceBytes: number) {
  const cutter = new Cutter({ sliceBytes });
  cutter.push(body);
  return cutter.end();
}
