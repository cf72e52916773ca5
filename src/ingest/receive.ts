import { FilesRefused } from '../files/open.ts';
import { type Cut, Cutter } from '../hae/cut.ts';
import { InvalidJson } from '../hae/scan.ts';
import { hex } from '../hex.ts';
import { log } from '../log.ts';
import type { Archived, Ingestion, Slice } from '../model.ts';
import {
  type MemberEnds,
  openRaw,
  putOriginal,
  putRaw,
  rejectRaw,
  removeRaw,
} from '../store/raw.ts';
import { originalKeyOf, rawKeyOf, rejectedKeyOf } from '../store/raw-keys.ts';
import { readBody } from './body.ts';
import { cutOf } from './cuts.ts';
import { describe } from './description.ts';
import { unpack } from './unpack.ts';

/** An upload as it arrives. */
export interface Upload {
  ingestion: Ingestion;
  body: ReadableStream<Uint8Array> | null;
  gzip: boolean;
  contentType: string | null;
}

export interface ReceiveOptions {
  bucket: R2Bucket;
  maxBytes: number;
  /** The same for bodies that pack files. */
  maxFilesBytes: number;
  sliceBytes: number;
}

/** A body that is archived, and how it is cut. */
export interface Received {
  archived: Archived;
  slices: Slice[];
  /** Where they lie in the archive. */
  ends: MemberEnds;
  /** The body itself, if it is so small that it was never more than one slice. */
  body: Uint8Array | null;
}

/** The body is not a payload. It is archived under `rejected/`. */
export class PayloadRefused extends Error {
  override name = 'PayloadRefused';
  readonly code: 'invalid_json' | 'no_payload';
  /** The byte where that shows. */
  readonly offset: number;

  constructor(code: 'invalid_json' | 'no_payload', offset: number, reason: string) {
    super(reason);
    this.code = code;
    this.offset = offset;
  }
}

/**
 * Takes a body in one pass: counted, hashed, cut and archived as it comes, in constant memory. One that packs files
 * is held whole instead, and archived as it came beside the JSON that is made of it.
 * @throws BodyRefused, FilesRefused, PayloadRefused, StorageUnreachable
 */
export async function receive(upload: Upload, options: ReceiveOptions): Promise<Received> {
  const body = readBody(upload.body ?? new Blob([]).stream(), {
    gzip: upload.gzip,
    maxBytes: options.maxBytes,
  });
  const { pieces, original } = await unpack(body, upload.contentType, options);
  if (original === null) return receiveJson(upload, options, pieces);
  // Should opening them end the isolate, this line says whose they were.
  log('info', 'files begin', {
    correlation_id: upload.ingestion.correlationId,
    user_id: upload.ingestion.userId,
    key_id: upload.ingestion.keyId,
    bytes: original.length,
  });

  const { bucket } = options;
  const { userId, receivedAt, id } = upload.ingestion;
  const rawKey = rawKeyOf(userId, receivedAt, id);
  try {
    await putOriginal(bucket, originalKeyOf(rawKey), original);
    return await receiveJson(upload, options, pieces);
  } catch (error) {
    if (error instanceof FilesRefused) await putOriginal(bucket, rejectedKeyOf(rawKey), original);
    await removeRaw(bucket, rawKey);
    throw error;
  }
}

async function receiveJson(
  upload: Upload,
  options: ReceiveOptions,
  pieces: AsyncGenerator<Uint8Array>,
): Promise<Received> {
  const beginning = new Uint8Array(options.sliceBytes);
  let filled = 0;
  // By hand: leaving a for-await loop would close the body.
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    const piece = next.value;
    if (filled + piece.length > beginning.length) {
      return receiveLarge(upload, options, follow(beginning.subarray(0, filled), piece, pieces));
    }
    beginning.set(piece, filled);
    filled += piece.length;
  }
  return receiveSmall(upload, options, beginning.subarray(0, filled));
}

async function* follow(
  first: Uint8Array,
  second: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield second;
  yield* rest;
}

async function receiveSmall(
  { ingestion }: Upload,
  { bucket, sliceBytes }: ReceiveOptions,
  body: Uint8Array,
): Promise<Received> {
  const rawKey = rawKeyOf(ingestion.userId, ingestion.receivedAt, ingestion.id);
  const watch = new Watch(sliceBytes);
  watch.push(body);
  const cut = watch.end();
  if (cut instanceof PayloadRefused) {
    await putRaw(bucket, rejectedKeyOf(rawKey), body, describe(ingestion));
    throw cut;
  }
  const ends = await putRaw(bucket, rawKey, body, describe(ingestion));
  const { slices } = cut;
  const sha256 = hex(await crypto.subtle.digest('SHA-256', body));
  const archived = { rawKey, bytes: body.length, sha256, cut: cutOf(sliceBytes, slices) };
  return { archived, slices, ends, body };
}

async function receiveLarge(
  { ingestion }: Upload,
  { bucket, sliceBytes }: ReceiveOptions,
  pieces: AsyncIterable<Uint8Array>,
): Promise<Received> {
  const rawKey = rawKeyOf(ingestion.userId, ingestion.receivedAt, ingestion.id);
  const raw = openRaw(bucket, rawKey, describe(ingestion));
  const digest = new crypto.DigestStream('SHA-256');
  const hash = digest.getWriter();
  const watch = new Watch(sliceBytes);
  let bytes = 0;
  let ends: MemberEnds;
  try {
    for await (const piece of pieces) {
      bytes += piece.length;
      watch.push(piece);
      await Promise.all([raw.write(piece), hash.write(piece)]);
    }
    [ends] = await Promise.all([raw.close(), hash.close()]);
  } catch (error) {
    await Promise.all([raw.abort(), hash.abort().catch(() => {})]);
    throw error;
  }

  const cut = watch.end();
  if (cut instanceof PayloadRefused) {
    await rejectRaw(bucket, rawKey);
    throw cut;
  }
  const { slices } = cut;
  const sha256 = hex(await digest.digest);
  return {
    archived: { rawKey, bytes, sha256, cut: cutOf(sliceBytes, slices) },
    slices,
    ends,
    body: null,
  };
}

/** The slices of a body that is at hand. @throws PayloadRefused */
export function cutBody(body: Uint8Array, sliceBytes: number): Slice[] {
  const watch = new Watch(sliceBytes);
  watch.push(body);
  const cut = watch.end();
  if (cut instanceof PayloadRefused) throw cut;
  return cut.slices;
}

/** A cutter that a broken body does not stop: it is archived whole before it is refused. */
class Watch {
  readonly #cutter: Cutter;
  #fault: PayloadRefused | null = null;

  constructor(sliceBytes: number) {
    this.#cutter = new Cutter({ sliceBytes });
  }

  push(piece: Uint8Array): void {
    if (this.#fault === null) this.#try(() => this.#cutter.push(piece));
  }

  end(): Cut | PayloadRefused {
    const cut = this.#fault ?? this.#try(() => this.#cutter.end());
    if (cut instanceof PayloadRefused || cut.isPayload) return cut;
    return new PayloadRefused('no_payload', 0, 'There is neither `data` nor a section of the app.');
  }

  #try<T>(work: () => T): T | PayloadRefused {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof InvalidJson)) throw error;
      const reason = `The body is not sound JSON: at byte ${error.offset} ${error.message}.`;
      this.#fault = new PayloadRefused('invalid_json', error.offset, reason);
      return this.#fault;
    }
  }
}
