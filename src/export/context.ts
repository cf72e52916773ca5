import type { Database } from '../database.ts';
import type { ExportRow } from '../read/export-rows.ts';
import type { ExportJob } from '../store/exports.ts';
import type { Archive } from './archive.ts';

export interface ExportDependencies {
  database: Database;
  bucket: R2Bucket;
}

/** What the steps of a turn work with. */
export interface ExportContext extends ExportDependencies {
  job: ExportJob;
  archive: Archive;
  /** All series of the person, by number. */
  seriesOf: ReadonlyMap<number, ExportRow>;
}

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A bound of a time range as Unix milliseconds. */
export const instantOfBound = (text: string): number =>
  text === '-infinity' ? -Infinity : text === 'infinity' ? Infinity : Date.parse(text);
