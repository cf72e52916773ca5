import type { Row, Statement } from '../database.ts';
import { iso, isoOrNull } from './values.ts';

/** Exports as their person sees them. */

/** An export as it goes over the wire. */
export interface ExportOnTheWire {
  id: string;
  status: 'running' | 'done' | 'failed' | 'expired';
  from: string | null;
  to: string | null;
  include_raw: boolean;
  created_at: string;
  finished_at: string | null;
  expires_at: string | null;
  steps: { total: number; done: number };
  files: number;
  bytes: number;
  sha256: string | null;
  failure: string | null;
}

const COLUMNS = `
  id, status, from_at, to_at, include_raw, created_at, finished_at, expires_at, step, jsonb_array_length(plan) as steps,
  files, bytes, sha256, failure`;

export const selectExport = (userId: string, id: string): Statement => ({
  text: `select ${COLUMNS} from exports where user_id = $1::uuid and id = $2::uuid`,
  params: [userId, id],
});

/** The newest first. */
export const selectExports = (userId: string, limit: number): Statement => ({
  text: `
    select ${COLUMNS} from exports where user_id = $1::uuid order by created_at desc, id limit $2::int`,
  params: [userId, limit],
});

export function toExport(row: Row): ExportOnTheWire {
  const status = row.status as ExportOnTheWire['status'];
  return {
    id: String(row.id),
    status,
    from: isoOrNull(row.from_at),
    to: isoOrNull(row.to_at),
    include_raw: row.include_raw === true,
    created_at: iso(row.created_at),
    finished_at: isoOrNull(row.finished_at),
    expires_at: isoOrNull(row.expires_at),
    // Closing the zip is a step, too.
    steps: {
      total: Number(row.steps) + 1,
      done: Number(row.step) + (status === 'running' ? 0 : 1),
    },
    files: Number(row.files),
    bytes: Number(row.bytes),
    sha256: row.sha256 === null ? null : String(row.sha256),
    failure: row.failure === null ? null : String(row.failure),
  };
}
