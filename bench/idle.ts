import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { runningSession } from '../local/commands/session.ts';
import { root } from '../local/stack/root.ts';
import { memoryOf } from './machine.ts';
import type { Report } from './report.ts';

/** What `npm start` holds when nothing happens: its Node, with the embedded Postgres, and its workerd. */

const REACH_MB = 600;
/** Until what the start needed has been given back. */
const SETTLE_MS = 60_000;
const POLL_MS = 200;

export async function measureIdle(report: Report): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'self-sensored-idle-'));
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    DATABASE_URL: '',
    REDIS_URL: '',
  };
  const script = ['--import', './local/frugal.mjs', 'local/start.ts'];
  // Two starts: the first makes the database, which an ordinary day does not.
  for (const isOrdinary of [false, true]) {
    const server = spawn(process.execPath, script, { cwd: root, env, stdio: 'ignore' });
    while (runningSession(dataDir) === null) await setTimeout(POLL_MS);
    if (isOrdinary) {
      await setTimeout(SETTLE_MS);
      const workerd = Number(readFileSync(join(dataDir, 'workerd.pid'), 'utf8'));
      const [node, runtime] = [memoryOf(server.pid ?? 0), memoryOf(workerd)];
      report.add(
        'memory of npm start when idle, resident',
        `${(node + runtime).toFixed(0)} MB (Node with Postgres ${node.toFixed(0)}, workerd ${runtime.toFixed(0)})`,
        `≤ ${REACH_MB} MB`,
        node + runtime <= REACH_MB,
      );
    }
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
