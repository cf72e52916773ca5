import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What a running `npm start` leaves in its data folder, for tools on the same machine. */

const sessionSchema = z.object({
  url: z.string(),
  adminKey: z.string(),
  pid: z.number().int().positive(),
});

export type Session = z.infer<typeof sessionSchema>;

/** `null` when nothing runs: there is no file, or it was left behind by a process that is gone. */
export async function runningSession(dataDir: string): Promise<Session | null> {
  const text = await readFile(join(dataDir, 'session.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const session = sessionSchema.parse(JSON.parse(text));
  return isAlive(session.pid) ? session : null;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
