import { DatabaseFault, DatabaseUnreachable } from '../database.ts';
import { BodyGone, StorageUnreachable } from '../store/raw.ts';
import { isOfNobody } from '../store/require-person.ts';

/** Why something could not be loaded, as far as it decides what to do next. */
export type FaultKind =
  | 'database away'
  | 'archive away'
  | 'body gone'
  | 'person gone'
  | 'not loadable';

/**
 * Classes of SQLSTATE that say something of the installation, not of the rows: no access, no such database, a table
 * that a migration has yet to make. The operator can mend it, so the rows wait.
 */
const NOT_SET_UP = ['0A', '28', '3D', '3F', '42'];

export function kindOf(error: unknown): FaultKind {
  if (error instanceof DatabaseUnreachable) return 'database away';
  if (error instanceof DatabaseFault && NOT_SET_UP.includes(error.code.slice(0, 2))) {
    return 'database away';
  }
  if (isOfNobody(error)) return 'person gone';
  if (error instanceof StorageUnreachable) return 'archive away';
  if (error instanceof BodyGone) return 'body gone';
  return 'not loadable';
}

/** For a log line. Only what we say ourselves: the words of a parser or of Postgres may quote the data. */
export function faultOf(error: unknown): string {
  if (error instanceof DatabaseFault || error instanceof DatabaseUnreachable) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}
