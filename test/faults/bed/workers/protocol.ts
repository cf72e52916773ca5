/** What the bed's Workers and its servers say to each other over HTTP. Plain types: both sides read this file. */

/** Arguments of an operation that has a body beside them travel in this header, as URI-encoded JSON. */
export const ARGUMENTS = 'bed-arguments';
/** What R2 tells of an object, beside its bytes, in the same form. */
export const OBJECT = 'bed-object';
/** Asks the consumer to work a batch off and then to lose all memory of it. */
export const LOSE_OUTCOME = 'bed-lose-outcome';

export const pack = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
export const unpack = (header: string | null): unknown =>
  JSON.parse(decodeURIComponent(header ?? 'null'));

/** An object of R2 as JSON. */
export interface StoredObject {
  key: string;
  size: number;
  etag: string;
  /** Unix milliseconds. */
  uploadedAt: number;
  /** Not in a listing that was not asked for it. */
  customMetadata?: Record<string, string>;
}

/** A page of a listing as JSON; `cursor` only if there is more. */
export interface StoredPage {
  objects: StoredObject[];
  delimitedPrefixes: string[];
  cursor?: string;
}

/** A message as the consumer gets it. `attempts` counts from 1. */
export interface Delivered {
  id: string;
  /** Unix milliseconds. */
  timestamp: number;
  attempts: number;
  body: unknown;
}

/** What became of a message; in the order of the batch. */
export type Outcome = { ack: true } | { ack: false; delaySeconds: number | null };

export interface SentMessage {
  body: unknown;
  delaySeconds: number | null;
}
