import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { checkDatabase, checkPort, checkRedis } from './commands/checks.ts';
import { type DemoKeys, prepareDemoPerson } from './commands/demo-person.ts';
import { runCommand } from './commands/fail.ts';
import { lockDataDir } from './commands/lock.ts';
import { renderReceipt } from './commands/receipt-table.ts';
import { postSampleOnce } from './commands/sample.ts';
import { bold, Steps } from './commands/screen.ts';
import { removeSession, writeSession } from './commands/session.ts';
import { type LocalSettings, readLocalSettings, workerVars } from './commands/settings.ts';
import { type Stack, startStack } from './stack/stack.ts';

/** `npm start`: the whole system on this machine, until Ctrl-C. */

await runCommand(async () => {
  const settings = readLocalSettings(process.env);
  if (settings.DATABASE_URL !== undefined) await checkDatabase(settings.DATABASE_URL);
  if (settings.REDIS_URL !== undefined) await checkRedis(settings.REDIS_URL);
  const unlock = await lockDataDir(settings.DATA_DIR);
  try {
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
    // Whatever is open at the start has lost its place in the queue: no need to wait ten minutes.
    vars: { SWEEP_AFTER_SECONDS: '30', ...workerVars(process.env) },
    clock: true,
    onLog: openLog(settings),
    onStep: (step) => steps.begin(step),
  });
  const stopAsked = askedToStop();
  try {
    steps.begin('Preparing the demo person');
    const keys = await prepareDemoPerson(stack, settings.DATA_DIR);
    const receipt = await postSampleOnce(stack, keys.ingestKey);
    steps.finish();
    if (receipt !== null) console.log(`\nThe sample export is loaded.\n${renderReceipt(receipt)}`);
    const { url, databaseUrl } = stack;
    await writeSession(settings.DATA_DIR, { url, ...keys, databaseUrl, pid: process.pid });
    showReady(stack, keys, settings);
    await stopAsked;
    console.log('\nStopping. The data stays.');
  } finally {
    await removeSession(settings.DATA_DIR);
    await stack.stop();
  }
}

/** The first Ctrl-C stops everything in order, the second one at once. */
function askedToStop(): Promise<void> {
  // Miniflare ends the process at a signal, before the database could be closed.
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  return new Promise((resolve) => {
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

function showReady({ url }: Stack, keys: DemoKeys, { DATA_DIR, HOST }: LocalSettings): void {
  const lines = [
    '',
    `${bold('self-sensored is running')} at ${bold(url)}`,
    '',
    `  ingest key   ${keys.ingestKey}`,
    `  read key     ${keys.readKey}`,
    `  admin key    ${keys.adminKey}`,
    '',
    `  curl -H 'Authorization: Bearer ${keys.readKey}' '${url}/api/v1/metrics/heart_rate/samples?limit=3'`,
    '',
    `  every route, to read and to try: ${url}/docs`,
    `  data and logs are in ${DATA_DIR}`,
    ...(HOST === '127.0.0.1'
      ? ['  only this computer can reach it; HOST=0.0.0.0 npm start lets your phone in']
      : []),
    '  Ctrl-C stops it',
  ];
  console.log(lines.join('\n'));
}
