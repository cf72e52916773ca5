import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asMigrated, openBackend, queryRows } from '../../local/stack/database.ts';
import { type SqlBackend, WORKERS_ROLE } from '../../local/stack/sql-backend.ts';
import { migrate } from '../../migrations/run.ts';

/** What the Workers may do in the database, and what a login that reads one person's rows may. */

const READER = 'self_sensored_reader';
const url = process.env.TEST_DATABASE_URL ?? null;

let backend: SqlBackend;
const owner = (sql: string, params: string[] = []) => queryRows(backend, sql, params);
const workers = async (query: string, params: string[] = []) =>
  (await backend.asWorkers.run({ query, params })).rows;
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error) => Object(error).code,
  );
const DENIED = '42501';

beforeAll(async () => {
  backend = await openBackend(url, null);
  await migrate(asMigrated(backend));
});
afterAll(() => backend.close());

describe('the Workers', () => {
  it('run as a role that owns nothing and has no privilege of the server', async () => {
    const [role] = await owner(
      `select current_user <> $1 as is_another, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolcanlogin,
         has_schema_privilege(oid, 'public', 'create') as creates, has_schema_privilege(oid, 'retired', 'usage') as retires,
         (select count(*) from pg_class where relowner = pg_roles.oid) as owned
       from pg_roles where rolname = $1`,
      [WORKERS_ROLE],
    );
    expect(role).toEqual({
      is_another: 't',
      rolsuper: 'f',
      rolcreaterole: 'f',
      rolcreatedb: 'f',
      rolbypassrls: 'f',
      rolcanlogin: 'f',
      creates: 'f',
      retires: 'f',
      owned: '0',
    });
    expect(await workers('select current_user')).toEqual([[WORKERS_ROLE]]);
  });

  const LESS: Record<string, string> = {
    readers: '',
    schema_migrations: '',
    partitioned_tables: 'SELECT',
    metrics: 'SELECT',
    metric_numbers: 'SELECT',
    empty_partitions: 'SELECT',
    audit_log: 'SELECT INSERT',
    users: 'SELECT INSERT UPDATE',
    api_keys: 'SELECT INSERT UPDATE',
    erasures: 'SELECT INSERT UPDATE',
  };

  it('read and write the rows of every table, but of those that are named here', async () => {
    const tables = await owner(
      `select relname, concat_ws(' ', ${[
        'SELECT',
        'INSERT',
        'UPDATE',
        'DELETE',
        'TRUNCATE',
        'REFERENCES',
        'TRIGGER',
      ]
        .map((each) => `case when has_table_privilege($1, oid, '${each}') then '${each}' end`)
        .join(', ')}) as rights
       from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
         and oid not in (select objid from pg_depend where deptype = 'e')`,
      [WORKERS_ROLE],
    );
    expect(tables.length).toBeGreaterThan(25);
    expect(tables).toEqual(
      tables.map(({ relname }) => ({
        relname,
        rights: LESS[String(relname)] ?? 'SELECT INSERT UPDATE DELETE',
      })),
    );
  });

  it('see every row where row-level security would hide them', async () => {
    const hidden = await owner(
      `select relname from pg_class
       where relrowsecurity and relnamespace = 'public'::regnamespace and not exists (
         select from pg_policy where polrelid = pg_class.oid and polroles = array[$1::regrole::oid])`,
      [WORKERS_ROLE],
    );
    expect(hidden).toEqual([]);
  });

  it('call functions that run as the owner; each has its search path, and no reader may call it', async () => {
    const functions = await owner(
      `select proname, proconfig::text as settings, has_function_privilege($1, oid, 'execute') as workers,
         has_function_privilege($2, oid, 'execute') as reader
       from pg_proc
       where prosecdef and pronamespace = 'public'::regnamespace
         and oid not in (select objid from pg_depend where deptype = 'e')
       order by proname`,
      [WORKERS_ROLE, READER],
    );
    for (const { proname, settings, workers, reader } of functions) {
      const path = expect.stringContaining('search_path=public, pg_temp');
      expect({ proname, settings, workers, reader }).toEqual({
        proname,
        settings: path,
        workers: 't',
        reader: proname === 'app_person' ? 't' : 'f',
      });
    }
    // A function that is restated without `security definer` falls out of this list, and fails for the Workers.
    expect(functions.map(({ proname }) => proname)).toEqual(
      expect.arrayContaining([
        'app_person',
        'count_person_rows',
        'ensure_partitions',
        'erase_rows',
        'finish_erasure',
        'retire_partitions',
      ]),
    );
  });

  it('write to and read from a partition that was just made', async () => {
    await workers(
      `select ensure_partitions('audit_log', array['1999-05-05'::timestamptz]) where to_regclass('audit_log_1999_05') is null`,
    );
    const object = randomUUID();
    await workers(
      `insert into audit_log (at, action, object, correlation_id) values ('1999-05-05', 'upload', $1, '-')`,
      [object],
    );
    const found = await workers(`select action from audit_log where object = $1`, [object]);
    expect(found).toEqual([['upload']]);
    await owner('delete from audit_log where object = $1', [object]);
  });

  it.each([
    ['make a table', 'create table t (n int)'],
    ['change a table', 'alter table samples add column n int'],
    ['drop a table', 'drop table samples'],
    ['empty a table', 'truncate goals'],
    ['delete people', 'delete from users'],
    ['change the audit log', `update audit_log set action = 'upload'`],
    ['bind a login to a person', `insert into readers values ('x', gen_random_uuid())`],
    ['shorten what is kept', `update partitioned_tables set keep = '1 day'`],
    ['change the catalogue', `update metrics set unit = 'x'`],
    ['give a number of counts another name', `update metric_numbers set name = 'x'`],
    [
      'have a table dropped',
      `insert into empty_partitions values ('goals', 'samples', '2000-01-01')`,
    ],
    ['repeat a migration', 'delete from schema_migrations'],
    ['give rights away', 'select grant_to_workers()'],
    ['make a role', 'create role self_sensored_other'],
  ])('cannot %s', async (_, sql) => {
    expect(await codeOf(workers(sql))).toBe(DENIED);
  });

  it('become the reader for a transaction, and no other role', async () => {
    const [[role] = []] = await workers(
      `select set_config('role', '${READER}', true) || current_user`,
    );
    expect(role).toContain(READER);
    const [me] = await owner('select current_user::text as name');
    const become = workers(`select set_config('role', $1, true)`, [String(me?.name)]);
    expect(await codeOf(become)).toBe(DENIED);
  });
});

/** The SQL of docs/grafana/README.md, for a role and a person of the test. */
function documentedSql(role: string, email: string): string {
  const page = readFileSync(new URL('../../docs/grafana/README.md', import.meta.url), 'utf8');
  const [, sql = ''] = /```sql\n(.+?)```/s.exec(page) ?? [];
  expect(sql).toContain("create role grafana login password '…'");
  return sql.replaceAll('grafana', role).replace('…', 'secret').replace('ada@example.org', email);
}

describe('a login that reads the rows of one person', () => {
  const role = `grafana_${randomUUID().slice(0, 8)}`;
  const mail = (name: string) => `${name}-${role}@example.org`;
  const people: Record<string, string> = {};
  let login: Login;
  const ask = (sql: string) => login.ask(sql);

  beforeAll(async () => {
    await owner(
      `select ensure_partitions('samples', array['2026-05-05'::timestamptz]) where to_regclass('samples_2026_05') is null`,
    );
    for (const name of ['ada', 'grace']) {
      const [person] = await owner('insert into users (email) values ($1) returning id', [
        mail(name),
      ]);
      people[name] = String(person?.id);
      await owner(
        `with one as (
           insert into series (user_id, metric, source, grouping, context, unit, display_name)
           values ($1, 'step_count', $2, 'minutes', '', 'count', $2) returning id)
         insert into samples (series_id, recorded_at, received_at, value)
         select id, '2026-05-05', now(), 1 from one`,
        [String(person?.id), name],
      );
    }
    await backend.exec(documentedSql(role, mail('ada')));
    login = url === null ? loginHere(role) : await loginAt(url, role);
  });
  afterAll(async () => {
    await login.close();
    await owner(
      'delete from samples where series_id in (select id from series where user_id = any ($1))',
      [`{${Object.values(people)}}`],
    );
    await owner('delete from users where id = any ($1)', [`{${Object.values(people)}}`]);
    await backend.exec(`drop role ${role}`);
  });

  const seen = async () => ({
    people: (await ask('select email from users')).flat(),
    sources: (await ask('select source from series')).flat(),
    samples: Number((await ask('select count(*) from samples'))[0]?.[0]),
  });
  const ADA = { people: [mail('ada')], sources: ['ada'], samples: 1 };
  const NOTHING = { people: [], sources: [], samples: 0 };

  it('sees them', async () => {
    expect(await seen()).toEqual(ADA);
  });

  it.each([
    ['names another person', () => `select set_config('app.person', '${people.grace}', false)`],
    ['becomes the reader', () => `set role ${READER}`],
    ['is itself again', () => 'reset role'],
  ])('sees them alone after it %s', async (_, sql) => {
    await ask(sql());
    expect(await seen()).toEqual(ADA);
    await ask('reset role');
  });

  it.each([
    ['become the Workers', `set role ${WORKERS_ROLE}`],
    ['read who reads whom', 'select * from readers'],
    ['read keys', 'select * from api_keys'],
    ['read the audit log', 'select * from audit_log'],
    ['read jobs', 'select * from jobs'],
    ['read erasures', 'select * from erasures'],
    ['read what leads to an erasure', 'select * from person_relations'],
    ['read a partition past its table', 'select * from samples_2026_05'],
    ['make a partition', `select ensure_partitions('samples', array[now()])`],
    ['retire partitions', 'select retire_partitions()'],
    ['count rows of a person', 'select count_person_rows(gen_random_uuid(), 1)'],
    ['erase rows', 'select erase_rows(gen_random_uuid(), 1)'],
    ['write', 'update users set time_zone = time_zone'],
    ['make a table', 'create table public.t (n int)'],
  ])('cannot %s', async (_, sql) => {
    expect(await codeOf(ask(sql))).toBe(DENIED);
  });

  it('finds no id of another person in what Postgres shows to all', async () => {
    const shown = await ask(`
      select to_jsonb(pg_roles)::text from pg_roles
      union all select query from pg_stat_activity where usename is distinct from session_user
      union all select most_common_vals::text from pg_stats where schemaname = 'public'
      union all select to_jsonb(pg_db_role_setting)::text from pg_db_role_setting`);
    const text = shown.flat().join('\n');
    expect(text).toContain(role);
    for (const id of Object.values(people)) expect(text).not.toContain(id);
  });

  it.runIf(url !== null)('cannot log in as another', async () => {
    const other = codeOf(ask(`set session authorization ${WORKERS_ROLE}`));
    expect(await other).toBe(DENIED);
    await ask('reset session authorization');
    expect(await seen()).toEqual(ADA);
  });

  it('sees nothing once its person is erased, whatever it sets', async () => {
    await owner('delete from readers where role = $1', [role]);
    expect(await seen()).toEqual(NOTHING);
    await ask(`select set_config('app.person', '${people.grace}', false)`);
    expect(await seen()).toEqual(NOTHING);
  });
});

/** The SQL of docs/deploy.md that gives the Workers a login. */
function documentedLogin(): string {
  const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
  const [sql = ''] = /^create role self_sensored_workers .+$/m.exec(page) ?? [];
  return sql.replace('…', 'secret');
}

describe('an owner that is no superuser, as on Neon', () => {
  let own: SqlBackend;
  beforeAll(async () => {
    own = await openBackend(null, null);
    await own.exec(`
      create extension postgis;
      create role neon_owner createrole createdb bypassrls;
      alter database postgres owner to neon_owner;
      alter schema public owner to pg_database_owner;
      set session authorization neon_owner`);
  });
  afterAll(() => own.close());

  it('migrates, gives the Workers their login, and that becomes the reader', async () => {
    const target = asMigrated(own);
    await migrate(target);
    expect(await migrate(target)).toEqual([]);
    await own.exec(documentedLogin());
    await own.exec(`set session authorization self_sensored_workers`);
    const asked = (query: string) => own.run({ query, params: [] });
    const { rows } = await asked(`
      insert into users (email) values ('ada@example.org') returning (select count(*) from samples)`);
    expect(rows).toEqual([['0']]);
    await asked(`select ensure_partitions('samples', array[now()])`);
    const [[path] = []] =
      (
        await own.runAll([
          {
            query: `select set_config('role', '${READER}', true), set_config('app.person', id::text, true) from users`,
            params: [],
          },
          { query: 'select current_user || email from users', params: [] },
        ])
      )[1]?.rows ?? [];
    expect(path).toBe(`${READER}ada@example.org`);
    expect(await codeOf(asked('create table t (n int)'))).toBe(DENIED);
    // It may become the reader, but is none otherwise.
    const [[inherits] = []] = (
      await asked(`select pg_has_role('${WORKERS_ROLE}', '${READER}', 'usage')`)
    ).rows;
    expect(inherits).toBe('f');
  });
});

interface Login {
  ask(sql: string): Promise<unknown[][]>;
  close(): Promise<void>;
}

/** The embedded Postgres has one connection: for each statement it is that login. */
const loginHere = (role: string): Login => ({
  ask: async (query) => {
    await backend.exec(`set session authorization ${role}`);
    const { rows } = await backend
      .run({ query, params: [] })
      .finally(() => backend.exec('set session authorization postgres'));
    return rows;
  },
  close: async () => {},
});

async function loginAt(server: string, role: string): Promise<Login> {
  const as = Object.assign(new URL(server), { username: role, password: 'secret' });
  const client = new pg.Client({ connectionString: as.href });
  await client.connect();
  return {
    ask: async (text) => (await client.query<unknown[]>({ text, rowMode: 'array' })).rows,
    close: () => client.end(),
  };
}
