import type { Context } from 'hono';
import { z } from 'zod';
import type { AppEnv } from '../http/context.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { type ByteRange, readRange } from '../http/range.ts';
import type { ExportOnTheWire } from '../read/exports.ts';
import { zipKeyOf } from '../store/export-object.ts';
import { openRange } from '../store/objects.ts';
import { findExport } from './exports.ts';
import { refusing } from './refusals.ts';

export const downloadExport = operation({
  method: 'GET',
  path: '/api/v1/exports/:id/download',
  summary: 'The zip of an export. A download that was cut off goes on with `Range` and `If-Range`.',
  scope: 'read',
  quota: 'reads',
  headers: ['Range', 'If-Range'],
  params: z.object({ id: z.uuid() }),
  documents: { 'application/zip': z.string().meta({ description: 'The zip, or a part of it.' }) },
  statuses: [200, 206],
  problems: ['range_not_satisfiable', 'export_expired', 'export_not_ready', 'storage_unavailable'],
  handler: (c, { params: { id } }) => refusing(() => download(c, id)),
});

async function download(c: Context<AppEnv>, id: string): Promise<Response> {
  const found = await findExport(c, id);
  const tag = `"${requireDone(found)}"`;
  const size = found.bytes;
  const headers = {
    ETag: tag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-cache, no-transform',
  };
  if (matches(c.req.header('if-none-match'), tag)) {
    return new Response(null, { status: 304, headers });
  }
  // A range of another file than the one that was begun would not fit.
  const isSame = [undefined, tag].includes(c.req.header('if-range'));
  const range = isSame ? readRange(c.req.header('range'), size) : null;
  if (range === 'unsatisfiable') {
    throw new HttpProblem('range_not_satisfiable', {
      detail: `The file has ${size} bytes.`,
      headers: { 'Content-Range': `bytes */${size}` },
    });
  }
  const part = range ?? { offset: 0, length: size };
  return new Response(await bodyOf(c, id, part), {
    status: range === null ? 200 : 206,
    headers: {
      ...headers,
      'Content-Type': 'application/zip',
      'Content-Length': String(part.length),
      'Content-Disposition': `attachment; filename="${nameOf(found)}"`,
      ...(range === null ? {} : { 'Content-Range': contentRange(part, size) }),
    },
  });
}

/** @returns the hash of the zip. @throws HttpProblem if there is none to be had */
function requireDone({ status, sha256, steps }: ExportOnTheWire): string {
  if (status === 'expired')
    throw new HttpProblem('export_expired', { detail: 'Make another one.' });
  if (status === 'done' && sha256 !== null) return sha256;
  throw new HttpProblem('export_not_ready', {
    detail:
      status === 'failed'
        ? 'It could not be made. Make another one.'
        : `${steps.done} of ${steps.total} steps are done.`,
  });
}

const matches = (header: string | undefined, tag: string): boolean =>
  (header?.split(',') ?? []).some((each) => [tag, `W/${tag}`, '*'].includes(each.trim()));

const contentRange = ({ offset, length }: ByteRange, size: number): string =>
  `bytes ${offset}-${offset + length - 1}/${size}`;

const nameOf = ({ created_at }: ExportOnTheWire): string =>
  `self-sensored-${created_at.slice(0, 10)}.zip`;

/** `null` where only the headers are asked for. */
async function bodyOf(
  c: Context<AppEnv>,
  id: string,
  part: ByteRange,
): Promise<ReadableStream | null> {
  if (c.req.method === 'HEAD') return null;
  const { userId } = c.get('identity');
  const body = await openRange(c.env.RAW, zipKeyOf(userId, id), part);
  if (body === null) throw new HttpProblem('export_expired', { detail: 'Make another one.' });
  // Tells the runtime how long the answer is.
  return body.pipeThrough(new FixedLengthStream(part.length));
}
