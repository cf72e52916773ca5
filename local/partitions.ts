import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { Command } from 'commander';
import pg from 'pg';
import type { Statement } from '../src/database.ts';
import { ensureUpcomingPartitions, PARTITIONED_TABLES } from '../src/store/partitions.ts';
import {
  type PartitionOnTheWire,
  RETIRE_PARTITIONS,
  selectPartitions,
  toPartition,
} from '../src/store/retention.ts';
import { allPages, openApi } from './commands/api.ts';
import { requireYes } from './commands/ask.ts';
import { Complaint, runCommand } from './commands/fail.ts';
import { type OwnerDatabase, openOwnerDatabase } from './commands/owner-database.ts';
import { runningSession, type Session } from './commands/session.ts';
import { readLocalSettings } from './commands/settings.ts';

/** `npm run partitions`: what there is, how long it is kept, and what is made ahead. */

async function withDatabase(use: (database: OwnerDatabase) => Promise<void>): Promise<void> {
  const database = await openOwnerDatabase();
  try {
    await use(database);
  } finally {
    await database.close();
  }
}

/** What runs here with the embedded database, which nothing else can open meanwhile. */
function embeddedSession(): Session | null {
  const { DATABASE_URL, DATA_DIR } = readLocalSettings(process.env);
  const session = DATABASE_URL === undefined ? runningSession(DATA_DIR) : null;
  return session?.databaseUrl === null ? session : null;
}

const run = (database: OwnerDatabase, { text, params }: Statement) =>
  database.query(
    text,
    params.map((value) => (value === null ? null : String(value))),
  );

interface ReportOptions {
  table?: string;
  exact?: boolean;
  json?: boolean;
}

async function report(options: ReportOptions): Promise<void> {
  const { table, exact } = options;
  if (table !== undefined) refuseUnknown(table);
  const session = embeddedSession();
  if (session !== null && exact) throw new Complaint('--exact counts while npm start is stopped.');
  if (session !== null) return print(await askServer(session, table), options);
  await withDatabase(async (database) => {
    const partitions = (await run(database, selectPartitions(table ?? null))).map(toPartition);
    print(exact ? await countRows(database, partitions) : partitions, options);
  });
}

function print(partitions: readonly PartitionOnTheWire[], { table, json }: ReportOptions): void {
  if (json) console.log(JSON.stringify(partitions, null, 2));
  else console.log(table === undefined ? summary(partitions) : listing(partitions));
}

/** The embedded database belongs to `npm start` while it runs, so its API is asked. */
function askServer(
  { url, adminKey }: Session,
  table: string | undefined,
): Promise<PartitionOnTheWire[]> {
  const api = openApi(url, adminKey);
  const wish = table === undefined ? {} : { table };
  return allPages((page) =>
    api.GET('/api/v1/admin/partitions', { params: { query: { ...wish, ...page } } }),
  );
}

/** By looking at each of them, which takes a while. */
async function countRows(
  database: OwnerDatabase,
  partitions: readonly PartitionOnTheWire[],
): Promise<PartitionOnTheWire[]> {
  const bar = new SingleBar({ format: 'counting {bar} {value}/{total} {partition}' });
  bar.start(partitions.length, 0, { partition: '' });
  const counted: PartitionOnTheWire[] = [];
  try {
    for (const each of partitions) {
      bar.increment({ partition: each.partition });
      const name = pg.escapeIdentifier(each.partition);
      const [row] = await run(database, {
        text: `select count(*) as rows from ${name}`,
        params: [],
      });
      counted.push({ ...each, rows: Number(row?.rows) });
    }
  } finally {
    bar.stop();
  }
  return counted;
}

const STYLE = { head: [], border: [], compact: true };
const number = (value: number): string => value.toLocaleString('en');
const day = (instant: string | null): string => instant?.slice(0, 10) ?? 'for ever';

function summary(partitions: readonly PartitionOnTheWire[]): string {
  const table = new Table({
    head: ['table', 'partitions', 'from', 'to', 'rows', 'bytes'],
    colAligns: ['left', 'right', 'left', 'left', 'right', 'right'],
    style: STYLE,
  });
  for (const [name, all = []] of Object.entries(Object.groupBy(partitions, (each) => each.table))) {
    const sum = (field: 'rows' | 'bytes') => all.reduce((total, each) => total + each[field], 0);
    const [first, last] = [all[0]?.from ?? '', all.at(-1)?.to ?? ''];
    const span = [first.slice(0, 7), last.slice(0, 7)];
    table.push([name, all.length, ...span, number(sum('rows')), number(sum('bytes'))]);
  }
  return table.toString();
}

function listing(partitions: readonly PartitionOnTheWire[]): string {
  const table = new Table({
    head: ['partition', 'from', 'to', 'kept until', 'rows', 'bytes'],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right'],
    style: STYLE,
  });
  for (const { partition, from, to, kept_until, rows, bytes } of partitions) {
    table.push([partition, day(from), day(to), day(kept_until), number(rows), number(bytes)]);
  }
  return table.toString();
}

const ahead = () =>
  withDatabase(async (database) => {
    await run(database, ensureUpcomingPartitions(Date.now()));
    console.log('The partitions of this month and the two after it are there.');
  });

function refuseUnknown(table: string): void {
  if (PARTITIONED_TABLES.some((known) => known === table)) return;
  throw new Complaint(
    `There is no partitioned table ${table}. There are: ${PARTITIONED_TABLES.join(', ')}.`,
  );
}

const keep = (table: string, span: string, { yes = false }: { yes?: boolean }) =>
  withDatabase(async (database) => {
    refuseUnknown(table);
    const wanted = span === 'forever' ? null : await readSpan(database, span);
    if (wanted !== null) {
      await requireYes(
        `From tonight on, what of ${table} is older than ${wanted} is taken out of all answers.`,
        yes,
      );
    }
    await run(database, {
      text: 'update partitioned_tables set keep = $2::interval where name = $1',
      params: [table, wanted],
    });
    const kept = wanted === null ? 'for ever' : `for ${wanted}`;
    console.log(
      `${table} is kept ${kept}. What is older is retired at night, or now by \`retire\`.`,
    );
  });

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** SQLSTATEs of a text that is no interval: its form, a field, or the whole out of range. */
const NO_SPAN = ['22007', '22008', '22015'];

/**
 * A number without a unit is seconds to Postgres: shorter than a day is a slip that would retire all past months.
 * @returns the span in Postgres' words. @throws Complaint
 */
async function readSpan(database: OwnerDatabase, span: string): Promise<string> {
  const text = `select $1::interval::text as span, $1::interval >= interval '1 day' as is_long`;
  const [row] = await run(database, { text, params: [span] }).catch((error: unknown) => {
    if (!NO_SPAN.includes(codeOf(error))) throw error;
    throw new Complaint(
      `"${span}" is no span that Postgres can read. Try "24 months", or forever.`,
    );
  });
  // As text it is t or f.
  if (row?.is_long === true || row?.is_long === 't') return String(row.span);
  throw new Complaint(`"${span}" is shorter than a day. Name the unit, as in "24 months".`);
}

const retire = ({ dryRun = false, yes = false }: { dryRun?: boolean; yes?: boolean }) =>
  withDatabase(async (database) => {
    if (!dryRun) {
      const question =
        'What is older than it is kept moves to the schema retired (--dry-run says what).';
      await requireYes(question, yes);
    }
    await database.query('begin', []);
    const rows = await run(database, RETIRE_PARTITIONS);
    await database.query(dryRun ? 'rollback' : 'commit', []);
    for (const { partition, outcome } of rows) {
      console.log(`${partition}: ${dryRun ? 'would be ' : ''}${outcome}`);
    }
    const what = rows.length === 1 ? '1 partition' : `${rows.length} partitions`;
    const tense = dryRun
      ? 'would be looked at'
      : rows.length === 1
        ? 'was looked at'
        : 'were looked at';
    console.log(`${what} whose time is over ${tense}.`);
  });

const program = new Command('npm run partitions --')
  .description(
    'Partitions of a database: what there is, and how long it is kept. That of DATABASE_URL, else the one here, while npm start is stopped (`report` also while it runs).',
  )
  .addHelpText(
    'after',
    `
Examples
  npm run partitions -- report
  npm run partitions -- report --table samples --exact
  npm run partitions -- keep workout_samples "24 months"
  npm run partitions -- keep samples forever
  npm run partitions -- retire --dry-run

What is retired moves to the schema \`retired\`: its rows can be read there, or dropped by hand. The raw bodies stay in
the archive; a replay brings the rows back. \`keep ingestions …\` also holds for ingestion_slices and set_aside.`,
  );

program
  .command('report')
  .description('tables with their partitions, rows and sizes')
  .option('--table <name>', 'its partitions one by one')
  .option('--exact', 'counts rows instead of estimating them')
  .option('--json', 'for programs')
  .action(report);
program.command('ahead').description('makes the partitions of the next months').action(ahead);
program
  .command('keep')
  .description('sets how long the partitions of a table are kept')
  .argument('<table>')
  .argument('<span>', 'such as "24 months", or forever')
  .option('--yes', 'without asking')
  .action(keep);
program
  .command('retire')
  .description('retires what is older than it is kept')
  .option('--dry-run', 'does it, says what would become of them, and takes it back')
  .option('--yes', 'without asking')
  .action(retire);

await runCommand(async () => void (await program.parseAsync()));
