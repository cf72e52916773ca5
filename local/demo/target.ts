import { makeDemoKey, type Server } from './client.ts';
import type { Asked } from './options.ts';
import { runningSession } from './session.ts';

/** Runs `use` with the server that was asked for, else with one that runs here, else with one started for it. */
export async function withServer(
  { url, key }: Asked,
  use: (server: Server) => Promise<void>,
): Promise<void> {
  if (url !== undefined && key !== undefined) return use({ url, key });
  const dataDir = process.env.DATA_DIR ?? '.local';
  const session = await runningSession(dataDir);
  if (session !== null) return use(await withDemoKey(session));
  throw new Error('Nothing runs here.');
}

const withDemoKey = async ({
  url,
  adminKey,
}: {
  url: string;
  adminKey: string;
}): Promise<Server> => ({
  url,
  key: await makeDemoKey(url, adminKey),
});
