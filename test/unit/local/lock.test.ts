import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockDataDir } from '../../../local/commands/lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const leave = (content: string) => writeFile(join(folder, 'lock'), content);

it('a folder that nobody uses is taken, and given free again', async () => {
  const unlock = await lockDataDir(join(folder, 'new'));
  expect(existsSync(join(folder, 'new/lock'))).toBe(true);
  await unlock();
  expect(existsSync(join(folder, 'new/lock'))).toBe(false);
});

it('a folder in use is refused, by the process that uses it and with the cure', async () => {
  await leave(String(process.ppid));
  await expect(lockDataDir(folder)).rejects.toThrow(
    `${folder} is in use by process ${process.ppid}. Stop it, or set DATA_DIR to another folder.`,
  );
  expect(existsSync(join(folder, 'lock'))).toBe(true);
});

it.each([
  ['of a process that is gone', String(2 ** 30)],
  ['of a former process with our number, as in a container', String(process.pid)],
  ['that was never written', ''],
  ['that is no lock', 'hello'],
])('a lock %s does not stop anybody', async (_, content) => {
  await leave(content);
  const unlock = await lockDataDir(folder);
  await unlock();
});
