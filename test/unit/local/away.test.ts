import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { openRealPostgres } from '../../../local/stack/real-postgres.ts';
import { BackendAway } from '../../../local/stack/sql-backend.ts';

/** The longest that a database which is away may keep a phone waiting. */
const SOON_MS = 3_000;

const sockets: Socket[] = [];
let server: Server | undefined;
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await close();
});

/** Takes connections, and says nothing. @returns its port */
async function listenSilently(): Promise<number> {
  const silent = createServer((socket) => void sockets.push(socket));
  server = silent;
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  return Number(Object(silent.address()).port);
}
const close = () => new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));

async function expectAway(port: number): Promise<void> {
  const postgres = openRealPostgres(`postgres://nobody@127.0.0.1:${port}/none`);
  const started = performance.now();
  await expect(postgres.run({ query: 'select 1', params: [] })).rejects.toThrow(BackendAway);
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  await postgres.close();
}

it('a Postgres where nothing listens is away', async () => {
  const port = await listenSilently();
  await close();
  await expectAway(port);
});

it('a Postgres that takes the connection and says nothing is away', async () => {
  await expectAway(await listenSilently());
});
