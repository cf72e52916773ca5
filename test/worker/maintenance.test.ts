import { expect, inject, it } from 'vitest';
import { simulate } from '../../bench/maintenance/simulation.ts';
import { RAW_KEYS, worldStatements } from '../../bench/maintenance/world.ts';
import { openDatabase } from '../../src/database.ts';

/** What maintenance asks of the platform depends on what has changed, not on how many people there are. */

const world = {
  databaseUrl: 'postgres://local:local@db.local/local',
  neonEndpoint: inject('servers').neon,
};
const database = openDatabase({
  DATABASE_URL: world.databaseUrl,
  NEON_ENDPOINT: world.neonEndpoint,
  ENVIRONMENT: 'local',
});

async function rawKeys(): Promise<Map<string, string[]>> {
  const rows = await database.query({ text: RAW_KEYS, params: [] });
  return Map.groupBy(
    rows.map(({ raw_key }) => String(raw_key)),
    (key) => key.split('/')[1] ?? '',
  );
}

it('no step takes more than some hundred requests, and none more because there are more people', async () => {
  const run = async (text: string) => void (await database.query({ text, params: [] }));
  for (const statement of worldStatements({ people: 200, uploadsEach: 10 })) await run(statement);
  const simulateFromTheStart = async () => {
    await run('delete from maintenance_tasks');
    return simulate({ ...world, rawKeys: await rawKeys() });
  };
  // Other tests leave stale people in this database; a first run hands them to the queue, and no later one does.
  await simulateFromTheStart();
  const few = await simulateFromTheStart();
  // It looks at two days, hour by hour, and asks for the receipts of those that have uploads.
  expect(few.find(({ task }) => task === 'adopt')?.requests).toBeGreaterThan(50);

  // Ten times as many people, of whom nothing has come.
  await run(
    `insert into users (email) select i || '@silent.example.org' from generate_series(1, 1800) as i`,
  );
  const many = await simulateFromTheStart();
  const requestsOf = (costs: typeof few) =>
    costs.map(({ task, steps, requests }) => ({ task, steps, requests }));
  expect(requestsOf(many)).toEqual(requestsOf(few));
  for (const { task, maxRequests } of many)
    expect([task, maxRequests <= 200]).toEqual([task, true]);
});
