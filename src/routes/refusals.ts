import { FilesRefused } from '../files/open.ts';
import { HttpProblem } from '../http/problem.ts';
import { BodyRefused, ClientGone } from '../ingest/body.ts';
import { PayloadRefused } from '../ingest/receive.ts';
import { IdempotencyKeyReused } from '../ingest/repeat.ts';
import { DryRunBusy, DryRunTooLong } from '../store/dry-run.ts';
import { BodyGone, StorageUnreachable } from '../store/raw.ts';

/** Runs a handler; where the way in ends early, the client hears it as a problem. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof BodyRefused || error instanceof FilesRefused) {
    return new HttpProblem(error.code, { detail: error.message });
  }
  if (error instanceof DryRunBusy) {
    const detail = 'Another dry run of this person, or an upload, is under way.';
    return new HttpProblem('dry_run_busy', { detail, headers: { 'Retry-After': '5' } });
  }
  if (error instanceof DryRunTooLong) {
    const detail =
      'It takes longer than a dry run may. Try a part of it, or upload it: that has the time.';
    return new HttpProblem('dry_run_too_long', { detail });
  }
  if (error instanceof BodyGone) return new HttpProblem('body_gone');
  if (error instanceof PayloadRefused) {
    const { code, message, offset } = error;
    return new HttpProblem(code, {
      detail: message,
      errors: [{ pointer: '', code, message: `byte ${offset}` }],
    });
  }
  if (error instanceof ClientGone) return new HttpProblem('client_gone');
  if (error instanceof StorageUnreachable) return new HttpProblem('storage_unavailable');
  if (error instanceof IdempotencyKeyReused) {
    const detail =
      'An Idempotency-Key stands for one body. Send a new one, or leave the header out.';
    return new HttpProblem('idempotency_key_reused', { detail });
  }
  return error;
}
