import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Complaint } from './fail.ts';
import { isAlive } from './session.ts';

/**
 * One process at a time in a data folder: the embedded Postgres knows no second one.
 * @returns what gives the folder free again. @throws Complaint
 */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true });
  const file = join(dataDir, 'lock');
  const pid = await takeLock(file);
  if (pid !== null && isInUse(pid)) {
    throw new Complaint(
      `${dataDir} is in use by process ${pid}. Stop it, or set DATA_DIR to another folder.`,
    );
  }
  // Left behind by a process that was killed, or before it could write who it was.
  if (pid !== null) await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}

/** In a container the one that was killed may well have had the number that is ours now. */
const isInUse = (pid: number): boolean => pid > 0 && pid !== process.pid && isAlive(pid);

/** @returns `null` if the lock is ours now, else the process that has it. */
async function takeLock(file: string): Promise<number | null> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return null;
  } catch {
    return Number(readFileSync(file, 'utf8'));
  }
}
