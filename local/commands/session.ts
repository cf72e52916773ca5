import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What a running `npm start` tells other tools on this machine. */
const session = z.object({
  url: z.string(),
  ingestKey: z.string(),
  readKey: z.string(),
  adminKey: z.string(),
  databaseUrl: z.string().nullable(),
  pid: z.int().positive(),
});

export type Session = z.infer<typeof session>;

const fileIn = (dataDir: string): string => join(dataDir, 'session.json');

/** Only its owner may read it: there are keys in it. */
export const writeSession = (dataDir: string, content: Session): Promise<void> =>
  writeFile(fileIn(dataDir), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });

export const removeSession = (dataDir: string): Promise<void> =>
  rm(fileIn(dataDir), { force: true });

/** `null` if nothing runs: there is no file, or whoever wrote it is gone. */
export function runningSession(dataDir: string): Session | null {
  const content = readSession(fileIn(dataDir));
  return content !== null && isAlive(content.pid) ? content : null;
}

function readSession(file: string): Session | null {
  try {
    return session.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
