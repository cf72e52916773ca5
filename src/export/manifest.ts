import type { Database, Row } from '../database.ts';
import { selectPerson } from '../read/export-person.ts';
import { type ExportJob, selectFiles } from '../store/exports.ts';
import type { Archive } from './archive.ts';
import { encode } from './context.ts';
import type { ZipEntry } from './zip-format.ts';

/** What an import looks for: a zip of another version it does not read. */
export const EXPORT_VERSION = 1;

const FILES_AT_ONCE = 2_000;

/** All files of the zip, page by page: there may be a hundred thousand. */
export async function* listFiles(database: Database, id: string): AsyncGenerator<Row[]> {
  for (let after = 0; ; ) {
    const rows = await database.query(selectFiles(id, after, FILES_AT_ONCE));
    if (rows.length > 0) yield rows;
    if (rows.length < FILES_AT_ONCE) return;
    after = Number(rows.at(-1)?.ordinal);
  }
}

export const toEntry = (row: Row): ZipEntry => ({
  path: String(row.path),
  crc32: Number(row.crc32),
  bytes: Number(row.bytes),
  packed: Number(row.packed),
  startsAt: Number(row.starts_at),
});

/** Written as it is read, file by file. The last entry, since it names all others. */
export async function writeManifest(
  archive: Archive,
  job: ExportJob,
  database: Database,
): Promise<void> {
  const [person] = await database.queryAs(job.userId, selectPerson(job.userId));
  const bound = (text: string) => (text.endsWith('infinity') ? null : text);
  const head = {
    format: 'self-sensored export',
    version: EXPORT_VERSION,
    id: job.id,
    exported_at: new Date(job.createdAt).toISOString(),
    person,
    from: bound(job.span.from),
    to: bound(job.span.to),
    include_raw: job.includeRaw,
  };
  await archive.entry('manifest.json', 'manifest', async (packer) => {
    await packer.write(encode(`${JSON.stringify(head, null, 2).slice(0, -2)},\n  "files": [\n`));
    const tables: Record<string, { rows: number; files: number }> = {};
    let isFirst = true;
    for await (const page of listFiles(database, job.id)) {
      const lines = page.map((row) => {
        count(tables, row);
        const { path, part, rows, bytes, sha256 } = row;
        return JSON.stringify({ path, part, ...(rows === null ? {} : { rows }), bytes, sha256 });
      });
      await packer.write(encode(`${isFirst ? '' : ',\n'}    ${lines.join(',\n    ')}`));
      isFirst = false;
    }
    await packer.write(encode(`\n  ],\n  "tables": ${JSON.stringify(tables)}\n}\n`));
    return null;
  });
}

/** Each row stands in the NDJSON and in the CSV. */
function count(tables: Record<string, { rows: number; files: number }>, row: Row): void {
  if (!String(row.path).endsWith('.ndjson')) return;
  const part = String(row.part);
  const { rows, files } = tables[part] ?? { rows: 0, files: 0 };
  tables[part] = { rows: rows + Number(row.rows), files: files + 1 };
}
