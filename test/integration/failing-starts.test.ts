import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { endLeftRuntime } from '../../local/commands/runtime-process.ts';
import { runningSession } from '../../local/commands/session.ts';
import { root } from '../../local/stack/root.ts';
import { minutes, payload, steps } from './support/payloads.ts';

/** What `npm start` says where it cannot start: one line with the cure, and no stack. */

const START_MS = 180_000;

let folder: string;
let port: number;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'self-sensored-failing-'));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  server.close();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await endLeftRuntime(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(settings: Record<string, string> = {}) {
  const ours = { DATA_DIR: folder, PORT: String(port), DATABASE_URL: '', REDIS_URL: '' };
  const child = spawn(process.execPath, [join(root, 'local/start.ts')], {
    env: { ...process.env, ...ours, ...settings },
  });
  children.push(child);
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, 'exit').then(async ([code]) => [code, (await said).join('')] as const);
  return { child, ended };
}
const ready = (dataDir: string) =>
  vi.waitUntil(() => runningSession(dataDir), { timeout: START_MS });

describe('a start that fails says one line with the cure', { timeout: 3 * START_MS }, () => {
  it('a workerd that a killed start has left is told by its process, from another folder', async () => {
    const dataDir = join(folder, 'killed');
    const killed = start({ DATA_DIR: dataDir });
    await ready(dataDir);
    killed.child.kill('SIGKILL');
    await killed.ended.catch(() => {});
    const [code, said] = await start({ DATA_DIR: join(folder, 'other') }).ended;
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(
          `^✗ Port ${port} is held by workerd \\(process (\\d+)\\), which a start that was killed has left\\. End it: kill \\1\\.\\n$`,
        ),
      ),
    ]);
    // The next start in its own folder ends it, and finds the database as a kill left it.
    const again = start({ DATA_DIR: dataDir });
    await ready(dataDir);
    again.child.kill('SIGTERM');
    const [ended, words] = await again.ended;
    expect([ended, words]).toEqual([
      0,
      expect.stringMatching(/^Ended workerd \(process \d+\), left by a start that was killed\./),
    ]);
  });
});

const small = join(tmpdir(), `self-sensored-small-${process.pid}`);
const mount = (size: string): boolean => {
  mkdirSync(small, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', small], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
};

describe.runIf(process.getuid?.() === 0 && mount('400m'))(
  'a full disk',
  { timeout: 3 * START_MS },
  () => {
    afterAll(() => {
      execFileSync('umount', ['-l', small]);
      rmSync(small, { recursive: true, force: true });
    });

    it('while the database is made leaves what the next start makes anew', async () => {
      // As it stood when the room ended: half a database, and the word that it was being made.
      mkdirSync(join(small, 'postgres'));
      writeFileSync(join(small, 'postgres', 'PG_VERSION'), '18\n');
      writeFileSync(join(small, 'postgres.unfinished'), '');
      const again = start({ DATA_DIR: small });
      await ready(small);
      again.child.kill('SIGTERM');
      expect((await again.ended)[0]).toBe(0);
      expect(existsSync(join(small, 'postgres.unfinished'))).toBe(false);
    });

    it('while the server runs leaves a database that opens once there is room', async () => {
      const filled = start({ DATA_DIR: small });
      const session = await ready(small);
      const filler = join(small, 'filler');
      const post = (i: number) =>
        fetch(`${session?.url}/api/v1/sync`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${session?.ingestKey}` },
          body: payload(steps(...minutes(3_000, `Watch ${i}`))),
        }).then(
          ({ status }) => status,
          () => null,
        );
      expect(await post(0)).toBe(200);
      expect(() => writeFileSync(filler, Buffer.alloc(400 * 2 ** 20))).toThrow('ENOSPC');
      const statuses: unknown[] = [];
      for (let i = 1; i < 6; i++) statuses.push(await post(i));
      expect(statuses).not.toEqual([200, 200, 200, 200, 200]);
      filled.child.kill('SIGKILL');
      await filled.ended;
      expect(await start({ DATA_DIR: small }).ended).toEqual([
        1,
        expect.stringMatching(/(full|free).*Make room.*\n$/),
      ]);
      rmSync(filler);
      const again = start({ DATA_DIR: small });
      const after = await ready(small);
      const answer = await fetch(`${after?.url}/api/v1/ingestions`, {
        headers: { Authorization: `Bearer ${after?.readKey}` },
      });
      expect(((await answer.json()) as { data: unknown[] }).data.length).toBeGreaterThan(0);
      again.child.kill('SIGTERM');
      await again.ended;
    });
  },
);

const url = process.env.TEST_DATABASE_URL;

describe.runIf(url)('roles of a real Postgres', { timeout: 3 * START_MS }, () => {
  const name = `rights_${process.pid}`;
  const admin = new pg.Client({ connectionString: url });
  const urlOf = (login: string, database: string): string => {
    const made = new URL(url ?? '');
    made.username = login;
    made.password = 'secret';
    made.pathname = `/${database}`;
    return made.href;
  };
  const [ada, eve] = [`${name}_ada`, `${name}_eve`];
  const asSuperuser = async (database: string, sql: string) => {
    const client = new pg.Client({ connectionString: urlOf('postgres', database) });
    await client.connect();
    await client.query(sql);
    await client.end();
  };

  beforeAll(async () => {
    await admin.connect();
    for (const login of [ada, eve]) {
      await admin.query(`create role ${login} login password 'secret'`);
      await admin.query(`create database ${login}`);
    }
  });
  afterAll(async () => {
    for (const login of [ada, eve]) {
      await admin.query(`drop database ${login} with (force)`);
      await admin.query(`drop role ${login}`);
    }
    await admin.end();
  });

  const migrate = async (login: string) => {
    const child = spawn(process.execPath, [join(root, 'local/migrate.ts')], {
      env: { ...process.env, DATABASE_URL: urlOf(login, login) },
    });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await once(child, 'exit');
    return { code, said: (await said).join('') };
  };

  it('a role that may not: the words name what a superuser runs, and that is enough', async () => {
    for (const login of [ada, eve]) {
      const refused = await migrate(login);
      expect(refused.code).toBe(1);
      const [, sql = ''] =
        /^✗ The role \S+ of DATABASE_URL may not do all that the first start needs\. Let a superuser run in the database \S+: (.*)\n$/.exec(
          refused.said,
        ) ?? [];
      expect(sql, refused.said).toContain('create extension if not exists postgis;');
      expect(sql).toContain(`grant create, usage on schema public to ${login};`);
      await asSuperuser(login, sql);
      expect(await migrate(login)).toEqual({
        code: 0,
        said: expect.stringContaining('The database is migrated.'),
      });
    }
  });

  it('two installations of one cluster stay apart once connecting is revoked', async () => {
    for (const login of [ada, eve]) {
      await asSuperuser(
        login,
        `revoke connect on database ${login} from public; grant connect on database ${login} to ${login};`,
      );
    }
    const other = new pg.Client({ connectionString: urlOf(ada, eve) });
    await expect(other.connect()).rejects.toThrow(`permission denied for database "${eve}"`);
    for (const login of [ada, eve]) {
      const client = new pg.Client({ connectionString: urlOf(login, login) });
      await client.connect();
      await client.query(
        `insert into users (email, time_zone) values ('${login}@example.org', 'UTC')`,
      );
      await client.query('set role self_sensored_app');
      const { rows } = await client.query('select email from users where email like $1', [
        `${name}%`,
      ]);
      expect(rows).toEqual([{ email: `${login}@example.org` }]);
      await client.end();
    }
  });
});

describe('too old a Node', () => {
  it('is told by every script before it does anything', () => {
    const manifest = JSON.parse(
      execFileSync('npm', ['pkg', 'get', 'scripts'], { cwd: root, encoding: 'utf8' }),
    );
    const own = Object.keys(manifest).filter((script) => !script.startsWith('pre'));
    expect(own.filter((script) => manifest[`pre${script}`] !== 'node local/bootstrap.mjs')).toEqual(
      [],
    );
  });

  it('is told in one line', async () => {
    const old =
      'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"16.20.2"})';
    const child = spawn(process.execPath, ['--import', old, join(root, 'local/bootstrap.mjs')]);
    const said = await text(child.stderr);
    expect(said).toBe('Node 16.20.2 is too old: install Node 20 or newer.\n');
  });
});
