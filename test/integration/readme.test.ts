import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runningSession, type Session } from '../../local/commands/session.ts';
import { root } from '../../local/stack/root.ts';

/** The commands of the README, word by word, on a fresh start: each shows something. */

const START_MS = 180_000;

let dataDir: string;
let server: ChildProcess;
let session: Session;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'self-sensored-readme-'));
  env = { ...process.env, DATA_DIR: dataDir, PORT: '18791', DATABASE_URL: '', REDIS_URL: '' };
  server = spawn(process.execPath, [join(root, 'local/start.ts')], { env, stdio: 'ignore' });
  session = await vi.waitUntil(() => runningSession(dataDir), { timeout: START_MS });
}, START_MS);
afterAll(async () => {
  server.kill('SIGTERM');
  await once(server, 'exit');
  await rm(dataDir, { recursive: true });
});

const commandsOf = (page: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line !== '' && !/^npm (start|test)\b/.test(line));

const inShell = async (command: string, variables: Record<string, string>): Promise<string> => {
  const options = { cwd: root, env: { ...env, ...variables } };
  return (await promisify(execFile)('bash', ['-c', command], options)).stdout;
};

it(
  'the commands of the README run as they stand, and each shows something',
  async () => {
    const [demo = '', ...questions] = commandsOf('README.md');
    const said = await inShell(demo, {});
    const readKey = /export READ_KEY=(\S+)/.exec(said)?.[1] ?? '';
    expect(said).toContain(`export URL=${session.url}\n`);
    expect(questions.length).toBeGreaterThanOrEqual(5);
    for (const command of questions) {
      const { success, data } = JSON.parse(
        await inShell(command, { URL: session.url, READ_KEY: readKey }),
      );
      const shown = Array.isArray(data) ? data : data.metrics;
      expect([command, success, shown.length > 0]).toEqual([command, true, true]);
    }
  },
  START_MS,
);
