import { checkDatabase, checkRedis } from '../commands/checks.ts';
import { Complaint } from '../commands/fail.ts';
import { lockDataDir } from '../commands/lock.ts';
import { prepareOwner } from '../commands/owner.ts';
import { Steps } from '../commands/screen.ts';
import { runningSession } from '../commands/session.ts';
import { type LocalSettings, readLocalSettings, workerVars } from '../commands/settings.ts';
import { startStack } from '../stack/stack.ts';
import type { Asked } from './options.ts';
import { DEMO_PERSON } from './person.ts';

/** A server here, whose admin key makes keys of the demo person. */
export interface Own {
  url: string;
  adminKey: string;
}

type Use = (own: Own) => Promise<void>;

/** Runs `use` with the server that runs here, else with one started for it. @throws Complaint */
export async function withOwnServer({ yes = false }: Pick<Asked, 'yes'>, use: Use): Promise<void> {
  const settings = readLocalSettings(process.env);
  const session = runningSession(settings.DATA_DIR);
  refuseDatabase(session === null ? settings.DATABASE_URL : session.databaseUrl, yes);
  if (session === null) return withOwnStack(settings, use);
  return use(session);
}

/** Invented data do not go into a database of one's own unasked. @throws Complaint */
function refuseDatabase(databaseUrl: string | null | undefined, yes: boolean): void {
  if (yes || databaseUrl === null || databaseUrl === undefined) return;
  const { host, pathname } = new URL(databaseUrl);
  throw new Complaint(
    `This would write the data of ${DEMO_PERSON} into the database ${pathname.slice(1)} at ${host}. Add --yes if that is what you want; --remove takes them out again.`,
  );
}

/** The same data as `npm start` has, on any free port. */
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
      const wish = { person: settings.PERSON, timeZone: settings.TIME_ZONE };
      steps.finish();
      const { adminKey } = (await prepareOwner(stack, dataDir, wish)).keys;
      await use({ url: stack.url, adminKey });
    } finally {
      await stack.stop();
    }
  } finally {
    await unlock();
  }
}
