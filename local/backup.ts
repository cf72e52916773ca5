import { rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { Complaint, runCommand } from './commands/fail.ts';
import { lockDataDir } from './commands/lock.ts';
import { readLocalSettings } from './commands/settings.ts';
import { pack } from './home/archive.ts';
import { runningControl, snapshotIn } from './home/control.ts';
import { dumpDatabase } from './home/postgres-tools.ts';
import { copyDataDir } from './home/snapshot.ts';

/** `npm run backup`: database, archive and keys in one file, while the server runs. */

async function backup(wanted: string | undefined): Promise<void> {
  const { DATA_DIR, DATABASE_URL } = readLocalSettings(process.env);
  const made = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const target = resolve(wanted ?? `self-sensored-${made}.tar.gz`);
  if (await stat(target).catch(() => null))
    throw new Complaint(`${target} is there already. Name another file.`);
  if ((await stat(DATA_DIR).catch(() => null)) === null) {
    throw new Complaint(`${DATA_DIR} is not there. Set DATA_DIR to the folder of your server.`);
  }
  const snapshot = snapshotIn(DATA_DIR);
  const dump = `${snapshot}.dump`;
  try {
    // Before the archive: what a row names is there then; a body without a row is taken in by the next start.
    if (DATABASE_URL !== undefined) await dumpDatabase(DATABASE_URL, dump);
    await takeSnapshot(DATA_DIR);
    if (DATABASE_URL !== undefined) {
      await rm(join(snapshot, 'postgres'), { recursive: true, force: true });
      await rename(dump, join(snapshot, 'database.dump'));
    }
    const { files } = await pack(
      snapshot,
      target,
      DATABASE_URL === undefined ? 'embedded' : 'dump',
    );
    const { size } = await stat(target);
    console.log(
      `✓ ${target}: ${files.length} files, ${(size / 1e6).toFixed(1)} MB. It opens your data to whoever has it.`,
    );
  } finally {
    await rm(dump, { force: true });
    await rm(snapshot, { recursive: true, force: true });
  }
}

async function takeSnapshot(dataDir: string): Promise<void> {
  const running = runningControl(dataDir);
  if (running !== null) {
    const headers = { Authorization: `Bearer ${running.token}` };
    const { ok } = await fetch(running.url, { method: 'POST', headers });
    if (!ok)
      throw new Complaint(
        'The server could not copy its data. Is its disk full? Stop it, and try again.',
      );
    return;
  }
  const unlock = await lockDataDir(dataDir);
  try {
    await copyDataDir(dataDir, snapshotIn(dataDir));
  } finally {
    await unlock();
  }
}

const program = new Command('npm run backup --')
  .description(
    'Puts database, archive and keys of the server on this machine into one file, while it runs or not.',
  )
  .argument('[file]', 'to write; self-sensored-<time>.tar.gz in this folder without it')
  .addHelpText(
    'after',
    `
Examples
  npm run backup
  npm run backup -- /mnt/disk/health.tar.gz
  DATABASE_URL=postgres://… npm run backup -- health.tar.gz    the database by pg_dump

What it does
  Requests wait while the data is copied within DATA_DIR, some seconds a gigabyte; none is refused. Then the copy is packed and
  removed. The file appears when it is whole, and its owner alone may read it. It has all your data and keys: keep it as such.
  It needs as much room in DATA_DIR as the database, and what the file takes where it goes.

Settings
  DATA_DIR        the folder of the server
  DATABASE_URL    as of the server, if it has a Postgres of its own`,
  )
  .action(backup);

await runCommand(async () => void (await program.parseAsync()));
