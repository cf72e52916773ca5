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
  /** Empty tables, indexes and partitions in place. */
  empty(): Promise<void>;
  stop(): Promise<void>;
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

  const [person] = await stack.query('insert into users (email) values ($1) returning id', [
    `${randomUUID()}@example.org`,
  ]);
  const userId = String(person?.id);
  const insertKey = async (kind: KeyKind = 'ing') => {
    const limits = { requestsPerHour: 1_000_000_000, bytesPerHour: 1_000_000_000_000 };
    const { key, record } = await issueKeyIn(
      stack.query,
      { ...PLAIN_KEY, ...limits, userId, kind },
      { pepper: LOCAL_PEPPER },
    );
    return { key, keyId: record.id };
  };
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
