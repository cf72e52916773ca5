import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';

/** A PostgreSQL server for one run, with the settings it is installed with. */

export interface BenchPostgres {
  url: string;
  stop(): void;
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** The settings that these numbers depend on most, as they are. */
const SETTINGS = ['shared_buffers', 'max_wal_size', 'synchronous_commit', 'full_page_writes'];

export async function describePostgres(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ version: string; settings: string }>(
    `select current_setting('server_version') as version,
       string_agg(name || ' ' || current_setting(name), ', ' order by name) as settings
     from unnest($1::text[]) as name`,
    [SETTINGS],
  );
  return `PostgreSQL ${rows[0]?.version} (${rows[0]?.settings})`;
}

/** Uses BENCH_DATABASE_URL, else a cluster of its own. */
export async function startPostgres(): Promise<BenchPostgres> {
  const given = process.env.BENCH_DATABASE_URL;
  if (given) return { url: given, stop: () => {} };
  const data = mkdtempSync(join(tmpdir(), 'self-sensored-bench-'));
  const cluster = await startCluster(data);
  return {
    url: cluster.url,
    stop: () => {
      cluster.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A cluster in a folder, made with Debian's newest server unless it is there already. It stays when it is stopped. */
export async function startCluster(data: string): Promise<BenchPostgres> {
  const bin = globSync('/usr/lib/postgresql/*/bin').sort().at(-1);
  if (bin === undefined) {
    throw new Error('No PostgreSQL: apt-get install postgresql, or set BENCH_DATABASE_URL.');
  }
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  // Postgres refuses to run as root.
  const asPostgres = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  if (asPostgres.length > 0) chownSync(data, ...ownerOf('postgres'));
  const run = (tool: string, ...args: string[]) => {
    const [command = '', ...rest] = [...asPostgres, join(bin, tool), ...args];
    execFileSync(command, rest, { stdio: 'ignore', cwd: '/' });
  };
  if (!existsSync(join(data, 'PG_VERSION')))
    run('initdb', '-D', data, '-A', 'trust', '-U', 'bench');
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
  run('pg_ctl', '-D', data, '-w', '-l', join(data, 'log'), '-o', options, 'start');
  let stopped = false;
  return {
    url: `postgres://bench@127.0.0.1:${port}/postgres`,
    stop: () => {
      if (stopped) return;
      stopped = true;
      run('pg_ctl', '-D', data, '-m', 'fast', 'stop');
    },
  };
}

function ownerOf(user: string): [uid: number, gid: number] {
  const [home] = globSync(`/var/lib/postgresql`);
  if (home === undefined) throw new Error(`There is no user ${user}.`);
  const { uid, gid } = statSync(home);
  return [uid, gid];
}
