import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { issueKeyIn, PLAIN_KEY } from '../local/commands/issue-key.ts';
import { LOCAL_PEPPER, type Stack, type StackOptions, startStack } from '../local/stack/stack.ts';
import type { KeyKind, Receipt } from '../src/model.ts';
import { newestWorkerd } from './machine.ts';

/** A running stack with a person in it, and Postgres beside it. */
export interface Bed {
  stack: Stack;
  client: pg.Client;
  /** Process id of its workerd. */
  workerd: number;
  userId: string;
  keyId: string;
  key: string;
  newKey(kind?: KeyKind): Promise<string>;
  /** Posts, and waits until the receipt is closed. @returns milliseconds, and the receipt */
  upload(body: Uint8Array): Promise<{ ms: number; receipt: Receipt }>;
  /** Someone else. */
  newPerson(): Promise<BedPerson>;
  /** Empty tables, indexes and partitions in place. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

export interface BedPerson {
  newKey(kind: KeyKind): Promise<string>;
  /** As that of the bed. */
  upload: Bed['upload'];
}

/** What a load fills. */
const TABLES = [
  'samples',
  'blood_pressure',
  'sleep_nights',
  'sleep_stages',
  'ecg_recordings',
  'workouts',
  'workout_samples',
  'workout_routes',
  'events',
  'day_totals',
  'series',
  'ingestions',
];

export async function makeBed(
  databaseUrl: string,
  options: Partial<StackOptions> = {},
): Promise<Bed> {
  const dataDir = mkdtempSync(join(tmpdir(), 'self-sensored-bed-'));
  const stack = await startStack({ dataDir, databaseUrl, ...options });
  const workerd = newestWorkerd();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();

  const userId = await insertPerson(stack);
  const insertKey = (kind: KeyKind = 'ing', of = userId) => insertKeyOf(stack, of, kind);
  const { key, keyId } = await insertKey();
  const headers = { Authorization: `Bearer ${key}` };

  return {
    stack,
    client,
    workerd,
    userId,
    keyId,
    key,
    newKey: async (kind) => (await insertKey(kind)).key,
    upload: (body) => upload(stack.url, headers, body),
    newPerson: async () => {
      const id = await insertPerson(stack);
      const { key } = await insertKey('ing', id);
      return {
        newKey: async (kind) => (await insertKey(kind, id)).key,
        upload: (body) => upload(stack.url, { Authorization: `Bearer ${key}` }, body),
      };
    },
    empty: async () => {
      await client.query(`truncate ${TABLES.join(', ')} cascade`);
      await client.query('checkpoint');
    },
    stop: async () => {
      await client.end();
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function insertPerson({ query }: Stack): Promise<string> {
  const [person] = await query('insert into users (email) values ($1) returning id', [
    `${randomUUID()}@example.org`,
  ]);
  return String(person?.id);
}

async function insertKeyOf({ query }: Stack, userId: string, kind: KeyKind) {
  const limits = { requestsPerHour: 1_000_000_000, bytesPerHour: 1_000_000_000_000 };
  const wish = { ...PLAIN_KEY, ...limits, userId, kind };
  const { key, record } = await issueKeyIn(query, wish, { pepper: LOCAL_PEPPER });
  return { key, keyId: record.id };
}

async function upload(url: string, headers: Record<string, string>, body: Uint8Array) {
  const started = performance.now();
  const response = await fetch(`${url}/api/v1/sync`, {
    method: 'POST',
    headers,
    body: body as Uint8Array<ArrayBuffer>,
  });
  let { data: receipt } = (await response.json()) as { data: Receipt };
  if (!response.ok) throw new Error(`The upload was answered with ${response.status}.`);
  while (receipt.completed_at === null) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answer = await fetch(`${url}/api/v1/ingestions/${receipt.id}`, { headers });
    receipt = ((await answer.json()) as { data: Receipt }).data;
  }
  const ms = performance.now() - started;
  const { received, inserted, updated, unchanged, set_aside } = receipt.totals;
  if (receipt.status !== 'stored' || received !== inserted + updated + unchanged + set_aside) {
    throw new Error(`The receipt says ${receipt.status}: ${JSON.stringify(receipt.totals)}`);
  }
  return { ms, receipt };
}

export const readBody = (path: string): Uint8Array => readFileSync(path);
