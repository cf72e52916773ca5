import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { Complaint, runCommand } from './commands/fail.ts';
import { lockDataDir } from './commands/lock.ts';
import { readLocalSettings } from './commands/settings.ts';
import { unpack } from './home/archive.ts';
import { checkEmpty, restoreDatabase } from './home/postgres-tools.ts';

/** `npm run restore`: a data folder out of the file of a backup. */

async function restore(file: string, { replace = false }: { replace?: boolean }): Promise<void> {
  const { DATA_DIR, DATABASE_URL } = readLocalSettings(process.env);
  const source = resolve(file);
  const dataDir = resolve(DATA_DIR);
  if ((await stat(source).catch(() => null)) === null)
    throw new Complaint(`${source} is not there.`);
  const former = await readdir(dataDir).catch(() => []);
  if (former.length > 0 && !replace) {
    throw new Complaint(
      `${dataDir} is not empty. Set DATA_DIR to a new folder, or add --replace: what is there is kept beside it.`,
    );
  }
  if (former.length > 0) await (await lockDataDir(dataDir))();
  const beside = `${dataDir}.restoring`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(dirname(dataDir), { recursive: true });
  try {
    const { files, made_at, database } = await unpack(source, beside);
    const data = join(beside, 'data');
    await bringBackDatabase(data, database, DATABASE_URL);
    const kept = `${dataDir}.before-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`;
    if (former.length > 0) await rename(dataDir, kept);
    else await rm(dataDir, { recursive: true, force: true });
    await rename(data, dataDir);
    console.log(
      `✓ ${dataDir} is as it was at ${made_at}: ${files.length} files, each with its checksum. npm start goes on from there.`,
    );
    if (former.length > 0)
      console.log(`What was there is in ${kept}; remove it when you no longer need it.`);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function bringBackDatabase(
  data: string,
  database: 'embedded' | 'dump',
  url: string | undefined,
): Promise<void> {
  if (database === 'embedded') {
    if (url === undefined) return;
    throw new Complaint('This backup has an embedded database. Leave DATABASE_URL away.');
  }
  if (url === undefined) {
    throw new Complaint(
      'This backup has the dump of a Postgres. Set DATABASE_URL to an empty database.',
    );
  }
  await checkEmpty(url);
  const dump = join(data, 'database.dump');
  await restoreDatabase(url, dump);
  await rm(dump);
}

const program = new Command('npm run restore --')
  .description('Makes the data folder of a server out of the file of a backup.')
  .argument('<file>', 'that npm run backup wrote')
  .option('--replace', 'moves what is in DATA_DIR beside it first; it is not removed')
  .addHelpText(
    'after',
    `
Examples
  DATA_DIR=/srv/health npm run restore -- health.tar.gz
  npm run restore -- --replace health.tar.gz

What it does
  Unpacks beside DATA_DIR and compares each file with its checksum before anything there is touched. Stop the server first.
  Keys of the backup work again, and those made since do not.

Settings
  DATA_DIR        where the data shall be
  DATABASE_URL    an empty database, if the backup is of a Postgres of its own`,
  )
  .action(restore);

await runCommand(async () => void (await program.parseAsync()));
