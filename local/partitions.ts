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
import { checkDatabase } from './commands/checks.ts';
import { Complaint, runCommand } from './commands/fail.ts';
import { runningSession } from './commands/session.ts';
import { readLocalSettings } from './commands/settings.ts';

/** `npm run partitions`: what there is, how long it is kept, and what is made ahead. */

async function withDatabase(use: (client: pg.Client) => Promise<void>): Promise<void> {
  const { DATABASE_URL, DATA_DIR } = readLocalSettings(process.env);
  const url = DATABASE_URL ?? runningSession(DATA_DIR)?.databaseUrl ?? null;
  if (url === null) {
    throw new Complaint(
      'Set DATABASE_URL to the database of your installation: the embedded one keeps everything.',
    );
  }
  await checkDatabase(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

const run = async (client: pg.Client, { text, params }: Statement) =>
  (await client.query<Record<string, unknown>>(text, [...params])).rows;

interface ReportOptions {
  table?: string;
  exact?: boolean;
  json?: boolean;
}

const report = ({ table, exact, json }: ReportOptions) =>
  withDatabase(async (client) => {
    if (table !== undefined) refuseUnknown(table);
    let partitions = (await run(client, selectPartitions(table ?? null))).map(toPartition);
    if (exact) partitions = await countRows(client, partitions);
    if (json) console.log(JSON.stringify(partitions, null, 2));
    else console.log(table === undefined ? summary(partitions) : listing(partitions));
  });

/** By looking at each of them, which takes a while. */
async function countRows(
  client: pg.Client,
  partitions: readonly PartitionOnTheWire[],
): Promise<PartitionOnTheWire[]> {
  const bar = new SingleBar({ format: 'counting {bar} {value}/{total} {partition}' });
  bar.start(partitions.length, 0, { partition: '' });
  const counted: PartitionOnTheWire[] = [];
  for (const each of partitions) {
    bar.increment({ partition: each.partition });
    const name = client.escapeIdentifier(each.partition);
    const [row] = await run(client, { text: `select count(*) as rows from ${name}`, params: [] });
    counted.push({ ...each, rows: Number(row?.rows) });
  }
  bar.stop();
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
  withDatabase(async (client) => {
    await run(client, ensureUpcomingPartitions(Date.now()));
    console.log('The partitions of this month and the two after it are there.');
  });

function refuseUnknown(table: string): void {
  if (PARTITIONED_TABLES.some((known) => known === table)) return;
  throw new Complaint(
    `There is no partitioned table ${table}. There are: ${PARTITIONED_TABLES.join(', ')}.`,
  );
}

const keep = (table: string, span: string) =>
  withDatabase(async (client) => {
    refuseUnknown(table);
    const text =
      'update partitioned_tables set keep = $2::interval where name = $1 returning keep::text';
    try {
      const [row] = await run(client, { text, params: [table, span === 'forever' ? null : span] });
      const kept = row?.keep === null ? 'for ever' : `for ${String(row?.keep)}`;
      console.log(
        `${table} is kept ${kept}. What is older is retired at night, or now by \`retire\`.`,
      );
    } catch {
      throw new Complaint(
        `"${span}" is no span that Postgres can read. Try "24 months", or forever.`,
      );
    }
  });

const retire = ({ dryRun }: { dryRun?: boolean }) =>
  withDatabase(async (client) => {
    await client.query('begin');
    const rows = await run(client, RETIRE_PARTITIONS);
    await client.query(dryRun ? 'rollback' : 'commit');
    for (const { partition, outcome } of rows) console.log(`${partition}: ${outcome}`);
    const tense = dryRun ? 'would be looked at' : 'were looked at';
    console.log(`${rows.length} partitions whose time is over ${tense}.`);
  });

const program = new Command('npm run partitions --')
  .description(
    'Partitions of the database of DATABASE_URL: what there is, and how long it is kept.',
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
  .action(keep);
program
  .command('retire')
  .description('retires what is older than it is kept')
  .option('--dry-run', 'only says what would become of them')
  .action(retire);

await runCommand(async () => void (await program.parseAsync()));
