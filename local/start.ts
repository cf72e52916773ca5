import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import {
  checkAddress,
  checkDatabase,
  checkDataDir,
  checkPort,
  checkRedis,
} from './commands/checks.ts';
import { runCommand } from './commands/fail.ts';
import { lockDataDir } from './commands/lock.ts';
import { prepareOwner } from './commands/owner.ts';
import { onOrphaned } from './commands/parents.ts';
import { renderReady } from './commands/ready.ts';
import { endLeftRuntime, forgetRuntime, rememberRuntime } from './commands/runtime-process.ts';
import { Steps } from './commands/screen.ts';
import { removeSession, writeSession } from './commands/session.ts';
import { type LocalSettings, readLocalSettings, workerVars } from './commands/settings.ts';
import { serveSnapshots } from './home/control.ts';
import { startStack } from './stack/stack.ts';

/** `npm start`: the whole system on this machine, until Ctrl-C. */

await runCommand(async () => {
  const settings = readLocalSettings(process.env);
  await checkAddress(settings.HOST, settings.PORT);
  const remark = await checkDataDir(settings.DATA_DIR);
  if (remark !== null) console.log(remark);
  if (settings.DATABASE_URL !== undefined) await checkDatabase(settings.DATABASE_URL);
  if (settings.REDIS_URL !== undefined) await checkRedis(settings.REDIS_URL);
  const unlock = await lockDataDir(settings.DATA_DIR);
  try {
    const left = await endLeftRuntime(settings.DATA_DIR);
    if (left !== null)
      console.log(`Ended workerd (process ${left}), left by a start that was killed.`);
    // After the lock: whoever starts twice is told that, not to take another port.
    await checkPort(settings.HOST, settings.PORT);
    await serve(settings);
  } finally {
    await unlock();
  }
});
// Whatever a library still holds open shall not keep a stopped server alive.
process.exit();

async function serve(settings: LocalSettings): Promise<void> {
  const steps = new Steps();
  const stack = await startStack({
    host: settings.HOST,
    port: settings.PORT,
    dataDir: settings.DATA_DIR,
    databaseUrl: settings.DATABASE_URL ?? null,
    redisUrl: settings.REDIS_URL ?? null,
    vars: workerVars(process.env),
    cron: true,
    onLog: openLog(settings),
    onRestart: async () => {
      await rememberRuntime(settings.DATA_DIR);
      console.log(
        `✗ The Workers' runtime (workerd) crashed and runs again. Requests under way were cut off; uploads that wait are loaded now. Its last words are in ${join(settings.DATA_DIR, 'worker.log')}.`,
      );
    },
    onStep: (step) => steps.begin(step),
  });
  const stopAsked = askedToStop();
  const snapshots = await serveSnapshots(stack, settings.DATA_DIR);
  try {
    await rememberRuntime(settings.DATA_DIR);
    steps.finish();
    const { PERSON: person, TIME_ZONE: timeZone, DATA_DIR: dataDir, HOST: host } = settings;
    const owner = await prepareOwner(stack, dataDir, { person, timeZone });
    const { url, databaseUrl } = stack;
    await writeSession(dataDir, { url, ...owner.keys, databaseUrl, pid: process.pid });
    console.log(renderReady({ url, owner, dataDir, host }));
    await stopAsked;
    console.log('\nStopping. The data stays.');
  } finally {
    await removeSession(settings.DATA_DIR);
    await snapshots.stop();
    await stack.stop();
    await forgetRuntime(settings.DATA_DIR);
  }
}

/**
 * The first Ctrl-C stops everything in order, the second one at once. The end of npm stops it, too: a process manager
 * ends npm alone, whose shell does not pass the signal on.
 */
function askedToStop(): Promise<void> {
  // Miniflare ends the process at a signal, before the database could be closed.
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  return new Promise((resolve) => {
    if (process.env.npm_lifecycle_event !== undefined) onOrphaned(resolve);
    let asked = false;
    const stop = () => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}

function openLog({ DATA_DIR, LOG }: LocalSettings): (line: string) => void {
  if (LOG) return (line) => console.log(line);
  const file = createWriteStream(join(DATA_DIR, 'worker.log'), { flags: 'a' });
  return (line) => file.write(`${line}\n`);
}
