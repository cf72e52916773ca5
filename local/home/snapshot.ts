import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A copy of a data folder at one moment, as a kill at that moment would leave it: both databases in it open from that. */

/** What a start keeps, and what the next one needs. */
const KEPT = ['postgres', 'archive', 'keys.json'];

/** Its writers must be still. Bodies of the archive never change, so a second name for them is enough. */
export async function copyDataDir(dataDir: string, into: string): Promise<void> {
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true, mode: 0o700 });
  for (const name of KEPT) {
    // Postgres wants folders that hold no file, too.
    for (const folder of await foldersBelow(dataDir, name)) {
      await mkdir(join(into, folder), { recursive: true, mode: 0o700 });
    }
    for (const file of await filesBelow(dataDir, name)) {
      const target = join(into, file);
      if (file.includes(`${sep}blobs${sep}`))
        await link(join(dataDir, file), target).catch(() => copy(dataDir, file, target));
      else await copy(dataDir, file, target);
    }
  }
}

const copy = (dataDir: string, file: string, target: string): Promise<void> =>
  copyFile(join(dataDir, file), target, constants.COPYFILE_FICLONE);

const entriesOf = async (folder: string, name: string) =>
  (await readdir(join(folder, name), { recursive: true, withFileTypes: true }).catch(() => [])).map(
    (entry) => ({
      isFile: entry.isFile(),
      isFolder: entry.isDirectory(),
      path: relative(folder, join(entry.parentPath, entry.name)),
    }),
  );

/** @returns paths within the folder, in order */
export async function filesBelow(folder: string, name: string): Promise<string[]> {
  const found = await stat(join(folder, name)).catch(() => null);
  if (found === null) return [];
  if (found.isFile()) return [name];
  return (await entriesOf(folder, name))
    .flatMap(({ isFile, path }) => (isFile ? [path] : []))
    .sort();
}

/** @returns paths within the folder, the outer before the inner */
export async function foldersBelow(folder: string, name: string): Promise<string[]> {
  const found = await stat(join(folder, name)).catch(() => null);
  if (!found?.isDirectory()) return [];
  const below = (await entriesOf(folder, name)).flatMap(({ isFolder, path }) =>
    isFolder ? [path] : [],
  );
  return name === '.' ? below.sort() : [name, ...below.sort()];
}
