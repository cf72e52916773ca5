import {
  DatabaseFault,
  DatabaseUnexplained,
  DatabaseUnreachable,
  RequestTooLarge,
} from '../database.ts';
import { BodyGone, StorageUnreachable } from '../store/raw.ts';
import { isOfNobody } from '../store/require-person.ts';
import type { FaultKind } from './retry.ts';

/** The decoder stumbles over a slice. Its words stay in the cause: they may quote the data. */
export class NotDecodable extends Error {
  override name = 'NotDecodable';
}

/** Only the database and the decoder can say that something is wrong with the items themselves. */
export function kindOf(error: unknown): FaultKind {
  if (error instanceof RequestTooLarge) return 'request_too_large';
  if (error instanceof DatabaseUnexplained) return 'unexplained';
  if (error instanceof DatabaseUnreachable) return 'database_unavailable';
  if (error instanceof StorageUnreachable) return 'archive_unavailable';
  if (error instanceof BodyGone) return 'body_gone';
  if (isOfNobody(error)) return 'person_gone';
  if (error instanceof DatabaseFault || error instanceof NotDecodable) return 'not_loadable';
  return 'unexplained';
}

/** For a log line. Only what we say ourselves: the words of a parser or of Postgres may quote the data. */
export function faultOf(error: unknown): string {
  if (error instanceof DatabaseFault || error instanceof DatabaseUnreachable) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}
