import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeSession } from '../../local/commands/session.ts';
import { asMigrated, openBackend, queryRows } from '../../local/stack/database.ts';
import { root } from '../../local/stack/root.ts';
import { migrate } from '../../migrations/run.ts';
import { exportAll } from './support/exports.ts';
import { minutes, payload, steps } from './support/payloads.ts';
import { startTestStack, type TestStack } from './support/stack.ts';

/** Commands that need the owner's rights, on the embedded database of a server that is stopped. */

let test: TestStack;
let dataDir: string;
beforeAll(async () => {
  test = await startTestStack();
  dataDir = mkdtempSync(join(tmpdir(), 'self-sensored-owner-'));
  const backend = await openBackend(null, dataDir);
  await migrate(asMigrated(backend));
  await backend.close();
});
afterAll(async () => {
  await test.stack.stop();
  rmSync(dataDir, { recursive: true });
});

async function command(script: string, args: readonly string[], folder = dataDir) {
  const env = { ...process.env, DATABASE_URL: '', DATA_DIR: folder };
  const run = promisify(execFile)(process.execPath, [join(root, 'local', script), ...args], {
    env,
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, said: `${stdout}${stderr}` }),
  );
}

async function rowsOf(sql: string) {
  const backend = await openBackend(null, dataDir);
  try {
    return await queryRows(backend, sql, []);
  } finally {
    await backend.close();
  }
}

it('an import puts an export into it', async () => {
  const ada = await test.newPerson();
  await test.upload(ada, payload(steps(...minutes(50))));
  const file = join(dataDir, 'export.zip');
  writeFileSync(file, (await exportAll(test, ada)).zip);
  const { code, said } = await command('import.ts', [file, '--person', 'ada@localhost']);
  expect([code, said]).toEqual([0, expect.stringMatching(/samples\s.*50.*50.*0/)]);
  expect(
    await rowsOf(
      `select count(*) from samples join series on series.id = series_id
       join users on users.id = user_id where email = 'ada@localhost'`,
    ),
  ).toEqual([{ count: '50' }]);
});

it('how long a table is kept is set and told in it', async () => {
  const kept = await command('partitions.ts', ['keep', 'workout_samples', '24 months', '--yes']);
  expect([kept.code, kept.said]).toEqual([0, expect.stringContaining('is kept for 2 years')]);
  const short = await command('partitions.ts', ['keep', 'workout_samples', '24', '--yes']);
  expect([short.code, short.said]).toEqual([1, expect.stringContaining('shorter than a day')]);
  expect((await command('partitions.ts', ['report'])).said).toContain('samples');
  expect((await command('partitions.ts', ['retire', '--dry-run'])).said).toMatch(
    /\d+ partitions? whose time is over would be looked at\./,
  );
});

it('where there is no database yet, what makes one is named', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'self-sensored-owner-'));
  const { code, said } = await command('partitions.ts', ['retire', '--yes'], empty);
  expect([code, said]).toEqual([
    1,
    '✗ There is no database here yet: npm start makes one. Or set DATABASE_URL to that of your installation.\n',
  ]);
  rmSync(empty, { recursive: true });
});

it('while a server has it, the cure is named', async () => {
  const busy = mkdtempSync(join(tmpdir(), 'self-sensored-owner-'));
  const keys = { ingestKey: '', readKey: '', adminKey: '' };
  await writeSession(busy, {
    url: 'http://127.0.0.1:1',
    ...keys,
    databaseUrl: null,
    pid: process.pid,
  });
  const { code, said } = await command('import.ts', ['x.zip', '--person', 'ada@localhost'], busy);
  expect([code, said]).toEqual([
    1,
    '✗ The embedded database belongs to npm start while that runs. Stop it (Ctrl-C), run this, and start it again.\n',
  ]);
  rmSync(busy, { recursive: true });
});
