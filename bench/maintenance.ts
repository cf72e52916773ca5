import type pg from 'pg';
import { z } from 'zod';
import { startNeonEndpoint } from '../local/stack/neon-endpoint.ts';
import { openRealPostgres } from '../local/stack/real-postgres.ts';
import { createSwitch } from '../local/stack/switch.ts';
import type { Simulate, TaskCost } from './maintenance/contract.ts';
import { RAW_KEYS, type WorldSize, worldStatements } from './maintenance/world.ts';
import type { Report } from './report.ts';

/** What maintenance costs with many people: of each task the requests and the time of its longest step. */

/** Receipts of four hours: what a run looks at is what has changed, and a day of them takes half an hour to make. */
const MANY: WorldSize = { people: 100_000, uploadsEach: 4 };
const FEW: WorldSize = { people: 10_000, uploadsEach: 5 };

/** An invocation may make so many requests, and last so long; ours aim at a tenth. */
const MAX_REQUESTS = 10_000;
const MAX_SECONDS = 900;
const AIM = 10;

const simulation = z.object({
  simulate: z.custom<Simulate>((value) => typeof value === 'function'),
});

interface Bed {
  databaseUrl: string;
  client: pg.Client;
}

export async function measureMaintenance(
  { databaseUrl, client }: Bed,
  report: Report,
  isQuick: boolean,
): Promise<void> {
  const size = isQuick ? FEW : MANY;
  // Foreign keys and triggers would take ten times as long as the rows; these rows are right by construction.
  await client.query('set session_replication_role = replica');
  for (const statement of worldStatements(size)) await client.query(statement);
  await client.query('reset session_replication_role');
  const backend = openRealPostgres(databaseUrl);
  const neon = await startNeonEndpoint(backend.asWorkers, createSwitch());
  try {
    // A path in a variable: this side of the compiler does not know the types of Workers.
    const module: string = './maintenance/simulation.ts';
    const { simulate } = simulation.parse(await import(module));
    const world = {
      databaseUrl: 'postgres://local:local@db.local/local',
      neonEndpoint: neon.url,
      rawKeys: await readRawKeys(client),
    };
    // Without cursors a run looks at two days; there are raw objects of three hours.
    for (const cost of await simulate(world)) tell(cost, size, report);
  } finally {
    await neon.stop();
    await backend.close();
  }
}

async function readRawKeys(client: pg.Client): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ hour: string; raw_key: string }>(RAW_KEYS);
  const keys = new Map<string, string[]>();
  for (const { hour, raw_key } of rows) {
    const known = keys.get(hour);
    if (known === undefined) keys.set(hour, [raw_key]);
    else known.push(raw_key);
  }
  return keys;
}

function tell(cost: TaskCost, { people, uploadsEach }: WorldSize, report: Report): void {
  const receipts = ((people * uploadsEach) / 1e6).toLocaleString('en');
  const { task, steps, requests, maxRequests, maxSeconds } = cost;
  report.add(
    `${task}, with ${people.toLocaleString('en')} people and ${receipts} million receipts`,
    `${steps} steps, ${requests} requests; a step at most ${maxRequests} requests and ${maxSeconds.toFixed(1)} s`,
    `≤ ${MAX_REQUESTS / AIM} requests, ≤ ${MAX_SECONDS / AIM} s a step`,
    maxRequests <= MAX_REQUESTS / AIM && maxSeconds <= MAX_SECONDS / AIM,
  );
}
