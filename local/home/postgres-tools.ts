import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { Complaint } from '../commands/fail.ts';

/** The dump of a Postgres elsewhere, by its own tools. */

const execute = promisify(execFile);

async function runTool(tool: 'pg_dump' | 'pg_restore' | 'psql', args: string[]): Promise<void> {
  try {
    await execute(tool, args);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Complaint(
        `${tool} is not installed. Install the client of Postgres, no older than the server, as in apt install postgresql-client.`,
      );
    }
    const words =
      error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Complaint(`${tool} failed: ${words.split('\n')[0] ?? ''}`);
  }
}

export const dumpDatabase = (url: string, file: string): Promise<void> =>
  runTool('pg_dump', ['--format=custom', '--no-owner', `--file=${file}`, `--dbname=${url}`]);

/** @throws Complaint if there is something in the database that may not be replaced */
export async function checkEmpty(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("select to_regclass('public.users') is not null as filled");
    if (rows[0]?.filled === true) {
      throw new Complaint(
        'The database of DATABASE_URL is not empty. Set DATABASE_URL to a new one: create database …',
      );
    }
    // Roles belong to the server, not to the dump.
    await client.query(`do $$ begin
      if not exists (select from pg_roles where rolname = 'self_sensored_reader') then create role self_sensored_reader nologin; end if;
      if not exists (select from pg_roles where rolname = 'self_sensored_app') then create role self_sensored_app nologin noinherit; end if;
      execute format('grant self_sensored_reader, self_sensored_app to %I', current_user);
      grant self_sensored_reader to self_sensored_app;
    end $$`);
  } finally {
    await client.end();
  }
}

/** Functions name others without their schema, so the search path that a dump empties has to have it. */
const EMPTY_PATH = "set_config('search_path', '', false)";
const OUR_PATH = "set_config('search_path', 'public', false)";

/** It is said once, in the head of the dump, which the first piece holds. Bytes stay as they are. */
function withOurPath(): Transform {
  let isHead = true;
  return new Transform({
    transform(piece: Buffer, _, done) {
      const put = isHead
        ? Buffer.from(piece.toString('latin1').replace(EMPTY_PATH, OUR_PATH), 'latin1')
        : piece;
      isHead = false;
      done(null, put);
    },
  });
}

export async function restoreDatabase(url: string, file: string): Promise<void> {
  const sql = `${file}.sql`;
  const put = `${file}.put.sql`;
  await runTool('pg_restore', ['--no-owner', `--file=${sql}`, file]);
  try {
    await pipeline(createReadStream(sql), withOurPath(), createWriteStream(put, { mode: 0o600 }));
    await runTool('psql', [
      '--quiet',
      '--no-psqlrc',
      '--single-transaction',
      '--set=ON_ERROR_STOP=1',
      `--dbname=${url}`,
      '--output=/dev/null',
      `--file=${put}`,
    ]);
  } finally {
    await rm(sql, { force: true });
    await rm(put, { force: true });
  }
}
