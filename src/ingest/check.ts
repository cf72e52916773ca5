import { ISSUES_PAGE_SIZE } from '../codes.ts';
import type { Database } from '../database.ts';
import { pause } from '../files/pause.ts';
import { decodeContext } from '../hae/context.ts';
import { decode, MAX_DECODABLE_BYTES, refuseLarge } from '../hae/decode.ts';
import * as rules from '../hae/settle.ts';
import type { Decoded, Ingestion, Receipt, Slice } from '../model.ts';
import { dryRun } from '../store/dry-run.ts';
import { readBody, tooLarge } from './body.ts';
import { gather } from './gather.ts';
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
    /** Place of the first issue that is shown. */
    issuesFrom: number;
  },
  options: { database: Database; maxBytes: number; sliceBytes: number },
): Promise<Receipt> {
  const { ingestion, gzip, contentType } = upload;
  const { database, maxBytes, sliceBytes } = options;
  const pieces = readBody(upload.body ?? new Blob([]).stream(), { gzip, maxBytes });
  const unpacked = await unpack(pieces, contentType, { maxBytes, maxFilesBytes: maxBytes });
  const body = await gather(unpacked.pieces, maxBytes, () => tooLarge(maxBytes));

  const slices = cutBody(body, sliceBytes);
  const archived = { rawKey: '', bytes: body.length, sha256: '', cut: '' };
  const decoded = await decodeAll(body, { slices, ingestion, issuesFrom: upload.issuesFrom });
  const receipt = await dryRun(
    database,
    decoded.map((each, i) => ({
      ingestion,
      archived,
      slicesTotal: slices.length,
      slice: i,
      decoded: each,
    })),
    rules,
  );
  const issues = decoded.flatMap((each) => each.issues);
  return {
    ...receipt,
    issues: issues.map(({ pointer, code, message }) => ({ pointer, code, message })),
  };
}

/** Slice by slice, others being served in between; issues of all together are those of one page. */
async function decodeAll(
  body: Uint8Array,
  options: { slices: readonly Slice[]; ingestion: Ingestion; issuesFrom: number },
): Promise<Decoded[]> {
  const context = decodeContext(options.ingestion);
  let from = options.issuesFrom;
  let size = ISSUES_PAGE_SIZE;
  const all: Decoded[] = [];
  for (const slice of options.slices) {
    await pause();
    const issuePage = { from: Math.max(from, 0), size };
    const decoded =
      slice.end - slice.start > MAX_DECODABLE_BYTES
        ? refuseLarge(slice, issuePage)
        : decode(body.subarray(slice.start, slice.end), slice, context, { issuePage });
    from -= sum(decoded.issueCounts.values());
    size -= decoded.issues.length;
    all.push(decoded);
  }
  return all;
}

const sum = (numbers: Iterable<number>): number => {
  let total = 0;
  for (const each of numbers) total += each;
  return total;
};
