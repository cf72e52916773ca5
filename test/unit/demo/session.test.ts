import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runningSession } from '../../../local/demo/session.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'session-'));
});
afterEach(() => rm(folder, { recursive: true }));

const leave = (pid: number) =>
  writeFile(
    join(folder, 'session.json'),
    JSON.stringify({ url: 'http://localhost:8787', adminKey: 'ss_admin_x', pid }),
  );

it('finds the stack that runs', async () => {
  await leave(process.pid);
  expect(await runningSession(folder)).toMatchObject({ url: 'http://localhost:8787' });
});

it('finds none where nothing was started, or where it is gone', async () => {
  expect(await runningSession(folder)).toBeNull();
  // Above the largest process id of any system.
  await leave(2 ** 30);
  expect(await runningSession(folder)).toBeNull();
});
