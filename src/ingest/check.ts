import type { Database } from '../database.ts';
import { decodeContext } from '../hae/context.ts';
import { decode, MAX_DECODABLE_BYTES, refuseLarge } from '../hae/decode.ts';
import type { Ingestion, Receipt } from '../model.ts';
import { dryRun } from '../store/dry-run.ts';
import { readBody } from './body.ts';
import { cutBody } from './receive.ts';
import { unpack } from './unpack.ts';

/**
 * The receipt that an upload would get: all that a load does is done, in one transaction, and rolled back.
 * @throws DryRunBusy, DryRunTooLong, BodyRefused, FilesRefused, PayloadRefused, DatabaseUnreachable, DatabaseFault
 */
export async function check(
  upload: {
    ingestion: Ingestion;
    body: ReadableStream<Uint8Array> | null;
    gzip: boolean;
    contentType: string | null;
  },
  options: { database: Database; maxBytes: number; sliceBytes: number },
): Promise<Receipt> {
  const { ingestion, gzip, contentType } = upload;
  const { database, maxBytes, sliceBytes } = options;
  const pieces = readBody(upload.body ?? new Blob([]).stream(), { gzip, maxBytes });
  const unpacked = await unpack(pieces, contentType, { maxBytes, maxFilesBytes: maxBytes });
  const copies: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of unpacked.pieces) copies.push(piece.slice());
  const body = new Uint8Array(await new Blob(copies).arrayBuffer());

  const slices = cutBody(body, sliceBytes);
  const archived = { rawKey: '', bytes: body.length, sha256: '', cut: '' };
  return dryRun(
    database,
    slices.map((slice) => ({
      ingestion,
      archived,
      slicesTotal: slices.length,
      slice: slice.number,
      decoded:
        slice.end - slice.start > MAX_DECODABLE_BYTES
          ? refuseLarge(slice)
          : decode(body.subarray(slice.start, slice.end), slice, decodeContext(ingestion)),
    })),
  );
}
