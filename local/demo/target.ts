import { checkDatabase, checkRedis } from '../commands/checks.ts';
import { prepareDemoPerson } from '../commands/demo-person.ts';
import { lockDataDir } from '../commands/lock.ts';
import { Steps } from '../commands/screen.ts';
import { runningSession } from '../commands/session.ts';
import { type LocalSettings, readLocalSettings, workerVars } from '../commands/settings.ts';
import { startStack } from '../stack/stack.ts';
import { makeDemoKey, type Server } from './client.ts';
import type { Asked } from './options.ts';

type Use = (server: Server) => Promise<void>;

/** Runs `use` with the server that was asked for, else with one that runs here, else with one started for it. */
export async function withServer({ url, key }: Asked, use: Use): Promise<void> {
  if (url !== undefined && key !== undefined) return use({ url, key });
  const settings = readLocalSettings(process.env);
  const session = runningSession(settings.DATA_DIR);
  if (session === null) return withOwnStack(settings, use);
  return use(await withDemoKey(session));
}

const withDemoKey = async ({
  url,
  adminKey,
}: {
  url: string;
  adminKey: string;
}): Promise<Server> => ({ url, key: await makeDemoKey(url, adminKey) });

/** The same data and the same person as `npm start` has, on any free port. */
async function withOwnStack(settings: LocalSettings, use: Use): Promise<void> {
  const { DATA_DIR: dataDir, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = settings;
  if (databaseUrl !== undefined) await checkDatabase(databaseUrl);
  if (redisUrl !== undefined) await checkRedis(redisUrl);
  const unlock = await lockDataDir(dataDir);
  const steps = new Steps();
  try {
    const stack = await startStack({
      dataDir,
      databaseUrl: databaseUrl ?? null,
      redisUrl: redisUrl ?? null,
      vars: workerVars(process.env),
      onStep: (step) => steps.begin(step),
    });
    try {
      steps.begin('Preparing the demo person');
      const { adminKey } = await prepareDemoPerson(stack, dataDir);
      steps.finish();
      await use(await withDemoKey({ url: stack.url, adminKey }));
    } finally {
      await stack.stop();
    }
  } finally {
    await unlock();
  }
}
