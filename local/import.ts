import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { personAddress } from '../src/person-address.ts';
import { runCommand } from './commands/fail.ts';
import { type OwnerDatabase, openOwnerDatabase } from './commands/owner-database.ts';
import { startProgress } from './demo/progress.ts';
import { type Imported, type ImportOptions, importAll } from './import/importer.ts';
import { type Manifest, readManifest, verifyFiles } from './import/manifest.ts';
import { openZip, type ZipReader } from './import/zip-reader.ts';

/** `npm run import`: puts an export into the account of a person. */

const email = (text: string): string => {
  const result = personAddress.safeParse(text.trim());
  if (result.success) return result.data;
  throw new InvalidArgumentError('An e-mail address, such as ada@example.org.');
};

async function run(file: string, { person }: { person: string }): Promise<void> {
  const database = await openOwnerDatabase();
  try {
    const zip = await openZip(file);
    try {
      const manifest = await readManifest(zip);
      await verify(zip, manifest);
      console.log(tableOf(await store(database, { zip, manifest, email: person })));
    } finally {
      await zip.close();
    }
  } finally {
    await database.close();
  }
}

async function verify(zip: ZipReader, manifest: Manifest): Promise<void> {
  const progress = startProgress('checking, bytes', sumOf(manifest, 'bytes'));
  try {
    await verifyFiles(zip, manifest, progress.at);
  } finally {
    progress.stop();
  }
}

async function store(database: OwnerDatabase, options: Omit<ImportOptions, 'onRows'>) {
  const { manifest } = options;
  const rows = {
    ...manifest,
    files: manifest.files.filter(({ path }) => path.endsWith('.ndjson')),
  };
  const progress = startProgress('storing, rows', sumOf(rows, 'rows'));
  try {
    return await importAll(database, { ...options, onRows: progress.at });
  } finally {
    progress.stop();
  }
}

const sumOf = ({ files }: Manifest, field: 'bytes' | 'rows'): number =>
  files.reduce((sum, file) => sum + (file[field] ?? 0), 0);

function tableOf(imported: Record<string, Imported>): string {
  const table = new Table({
    head: ['', 'in the export', 'stored', 'there already'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const number = (value: number) => value.toLocaleString('en');
  for (const [name, { rows, stored }] of Object.entries(imported)) {
    table.push([name, number(rows), number(stored), number(rows - stored)]);
  }
  return table.toString();
}

const program = new Command('npm run import --')
  .description(
    'Puts an export into the account of a person: in the database of DATABASE_URL, else in the one here, while npm start is stopped.',
  )
  .argument('<file>', 'the zip, as GET /api/v1/exports/{id}/download gave it')
  .requiredOption('--person <email>', 'whose it shall be; made if new', email)
  .addHelpText(
    'after',
    `
Example
  DATABASE_URL=postgres://… npm run import -- self-sensored-2026-03-02.zip --person ada@example.org

First every file is compared with its checksum. What is there already stays as it is, so an import that was broken off
is simply run again. Raw bodies stay in the zip: put them into the archive by hand, if replays shall find them.`,
  )
  .action(run);

await runCommand(async () => void (await program.parseAsync()));
