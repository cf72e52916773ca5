import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runningSession, writeSession } from '../../../local/commands/session.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'session-'));
});
afterEach(() => rm(folder, { recursive: true }));

const keys = { ingestKey: 'ss_ing_x', readKey: 'ss_read_x', adminKey: 'ss_admin_x' };
const leave = (pid: number) =>
  writeSession(folder, { url: 'http://localhost:8787', ...keys, databaseUrl: null, pid });

it('finds the stack that runs', async () => {
  await leave(process.pid);
  expect(runningSession(folder)).toMatchObject({ url: 'http://localhost:8787' });
});

it('finds none where nothing was started, or where it is gone', async () => {
  expect(runningSession(folder)).toBeNull();
  // Above the largest process id of any system.
  await leave(2 ** 30);
  expect(runningSession(folder)).toBeNull();
});
