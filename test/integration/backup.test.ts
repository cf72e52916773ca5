import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { endLeftRuntime } from '../../local/commands/runtime-process.ts';
import { runningSession, type Session } from '../../local/commands/session.ts';
import { root } from '../../local/stack/root.ts';
import { minutes, payload, steps } from './support/payloads.ts';

/** `npm run backup` of a server that takes uploads, and `npm run restore` into an empty folder. */

const START_MS = 180_000;
let folder: string;
let port: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'self-sensored-backup-'));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = String(typeof address === 'object' ? address?.port : 0);
  server.close();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const name of ['first', 'second'])
    await endLeftRuntime(join(folder, name)).catch(() => null);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(script: string, dataDir: string, args: string[] = [], databaseUrl = '') {
  const ours = { DATA_DIR: dataDir, PORT: port, DATABASE_URL: databaseUrl, REDIS_URL: '' };
  const env = { ...process.env, ...ours };
  const child = spawn(process.execPath, [join(root, 'local', script), ...args], { env });
  children.push(child);
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, 'exit').then(async ([code]) => ({ code, said: (await said).join('') }));
  return { child, ended };
}
const ready = async (dataDir: string, { ended }: ReturnType<typeof run>): Promise<Session> =>
  Promise.race([
    vi.waitUntil(() => runningSession(dataDir), { timeout: START_MS }),
    ended.then(({ said }) => Promise.reject(new Error(said))),
  ]);
const ask = async ({ url, readKey }: Session, path: string): Promise<unknown> => {
  const answer = await fetch(`${url}/api/v1${path}`, {
    headers: { Authorization: `Bearer ${readKey}` },
  });
  expect(answer.status, path).toBe(200);
  return ((await answer.json()) as { data: unknown }).data;
};
const post = async ({ url, ingestKey }: Session, body: string): Promise<string> => {
  const headers = { Authorization: `Bearer ${ingestKey}` };
  const answer = await fetch(`${url}/api/v1/sync`, { method: 'POST', headers, body });
  return ((await answer.json()) as { data: { id: string } }).data.id;
};

describe('a backup of a server that runs', { timeout: 4 * START_MS }, () => {
  it('is restored into an empty folder, where keys and answers are the same', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const file = join(folder, 'backup.tar.gz');
    const server = run('start.ts', first);
    const session = await ready(first, server);
    const before = await post(session, payload(steps(...minutes(500, 'Before'))));

    let isOver = false;
    const during: string[] = [];
    const uploads = (async () => {
      for (let i = 0; !isOver; i++)
        during.push(await post(session, payload(steps(...minutes(200, `During ${i}`)))));
    })();
    const made = await run('backup.ts', first, [file]).ended;
    isOver = true;
    await uploads;
    expect(made, made.said).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).not.toContain('backup.tar.gz.part');
    expect(readdirSync(first)).not.toContain('snapshot');
    expect(during.every((id) => typeof id === 'string')).toBe(true);

    const questions = [
      `/ingestions/${before}`,
      '/metrics/step_count/samples?limit=400&source=Before',
    ];
    const answersOf = (from: Session) => Promise.all(questions.map((path) => ask(from, path)));
    const answers = await answersOf(session);
    server.child.kill('SIGTERM');
    await server.ended;

    const refused = await run('restore.ts', first, [file]).ended;
    expect(refused).toEqual({
      code: 1,
      said: `✗ ${first} is not empty. Set DATA_DIR to a new folder, or add --replace: what is there is kept beside it.\n`,
    });
    const restored = await run('restore.ts', second, [file]).ended;
    expect(restored, restored.said).toMatchObject({ code: 0 });
    const again = run('start.ts', second);
    const back = await ready(second, again);
    expect({ ...back, pid: 0 }).toEqual({ ...session, pid: 0 });
    expect(await answersOf(back)).toEqual(answers);
    const receipts = (await ask(back, '/ingestions?limit=100')) as { id: string }[];
    const known = receipts.map(({ id }) => id);
    // All up to a moment, and none after.
    expect(known.slice().reverse()).toEqual([before, ...during].slice(0, known.length));
    const kept = await ask(back, '/metrics/step_count/samples?limit=1000&source=Before');
    expect(kept).toHaveLength(500);
    // Uploads go on where it has come to.
    expect(await post(back, payload(steps(...minutes(5, 'After'))))).toEqual(expect.any(String));
    again.child.kill('SIGTERM');
    expect((await again.ended).code).toBe(0);
  });

  it('that is damaged is refused before anything is touched', async () => {
    const file = join(folder, 'backup.tar.gz');
    const bytes = readFileSync(file);
    const damaged = join(folder, 'damaged.tar.gz');
    writeFileSync(damaged, bytes.subarray(0, bytes.length / 2));
    const third = join(folder, 'third');
    mkdirSync(third);
    writeFileSync(join(third, 'mine'), 'x');
    const refused = await run('restore.ts', third, ['--replace', damaged]).ended;
    expect(refused.code).toBe(1);
    expect(refused.said).toMatch(
      /✗ .*damaged\.tar\.gz is no whole backup \(.*\)\. Take another one; nothing has been changed\.\n$/,
    );
    expect(readdirSync(third)).toEqual(['mine']);
    expect(readdirSync(folder).filter((name) => name.startsWith('third.'))).toEqual([]);
  });
});

const url = process.env.TEST_DATABASE_URL;

describe.runIf(url)('a backup of a real Postgres', { timeout: START_MS }, () => {
  const [from, to] = [`backup_from_${process.pid}`, `backup_to_${process.pid}`];
  const urlOf = (database: string): string =>
    Object.assign(new URL(url ?? ''), { pathname: `/${database}` }).href;
  const query = async (database: string, sql: string) => {
    const client = new pg.Client({ connectionString: urlOf(database) });
    await client.connect();
    const { rows } = await client.query(sql).finally(() => client.end());
    return rows;
  };
  beforeAll(async () => {
    for (const name of [from, to]) await query('postgres', `create database ${name}`);
  });
  afterAll(async () => {
    for (const name of [from, to]) await query('postgres', `drop database ${name} with (force)`);
  });

  it('goes into an empty database, byte for byte, and into no other', async () => {
    const dataDir = join(folder, 'real');
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'keys.json'), '{}');
    expect((await run('migrate.ts', dataDir, [], urlOf(from)).ended).code).toBe(0);
    await query(
      from,
      `insert into users (email, time_zone) values (U&'a\\2028b\\000Dc@example.org', 'UTC')`,
    );
    const people = await query(from, 'select * from users order by id');
    const file = join(folder, 'real.tar.gz');
    const made = await run('backup.ts', dataDir, [file], urlOf(from)).ended;
    expect(made, made.said).toMatchObject({ code: 0 });
    const target = join(folder, 'real-restored');
    const restored = await run('restore.ts', target, [file], urlOf(to)).ended;
    expect(restored, restored.said).toMatchObject({ code: 0 });
    expect(await query(to, 'select * from users order by id')).toEqual(people);
    expect(await run('restore.ts', join(folder, 'other'), [file], urlOf(to)).ended).toMatchObject({
      code: 1,
      said: expect.stringContaining('✗ The database of DATABASE_URL is not empty.'),
    });
  });
});
