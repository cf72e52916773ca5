import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { metric, minutes, payload } from '../../integration/support/payloads.ts';
import type { Bed } from './bed.ts';
import type { Person } from './people.ts';

/** What a person has sent, what the server said to it, and what must therefore be in the database. */

export interface Sent {
  /** No other payload has it. */
  source: string;
  points: number;
  body: string;
}

/** Of a reconciliation, as far as it matters here. */
interface Findings {
  archive: { adopted: number };
  receipts: { uploads: number };
  not_closing: string[];
}

/** Between two attempts of a client. */
const AGAIN_MS = 100;
const PATIENCE_MS = 240_000;

export class Ledger {
  readonly person: Person;
  readonly #bed: Bed;
  readonly #accepted = new Map<string, number>();
  readonly #refused = new Set<string>();
  #made = 0;
  /** Attempts that broke or were told to come again. */
  repeated = 0;

  private constructor(bed: Bed, person: Person) {
    this.#bed = bed;
    this.person = person;
  }

  static async open(bed: Bed): Promise<Ledger> {
    return new Ledger(bed, await bed.newPerson());
  }

  get accepted(): number {
    return this.#accepted.size;
  }

  make(points: number): Sent {
    const source = `Watch ${++this.#made}`;
    const body = payload(metric('step_count', 'count', minutes(points, source)));
    return { source, points, body };
  }

  /** Posts it as the app does: the same body again, until it is accepted. @returns with what it was */
  async deliver({ source, points, body }: Sent): Promise<200 | 202> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await setTimeout(AGAIN_MS)) {
      const status = await this.post(body);
      if (status === 200 || status === 202) {
        this.#accepted.set(source, points);
        return status;
      }
      this.repeated++;
    }
    throw new Error(`${source} is never accepted.`);
  }

  /** The same for a body that breaks off. */
  async deliverBroken({ source, body }: Sent): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await setTimeout(AGAIN_MS)) {
      const status = await this.post(body.slice(0, -4));
      if (status === 400) {
        this.#refused.add(source);
        return;
      }
      expect(status === null || status >= 500).toBe(true);
      this.repeated++;
    }
    throw new Error(`${source} is never refused.`);
  }

  /** One attempt. @returns `null` if there was no answer */
  async post(body: string): Promise<number | null> {
    return this.#bed.post(this.person, body).then(
      ({ status }) => status,
      () => null,
    );
  }

  /** Lets upkeep do its work until there is none, as the clock would in the course of an hour or two. */
  async settle(patienceMs = PATIENCE_MS): Promise<void> {
    for (const end = Date.now() + patienceMs; Date.now() < end; ) {
      await this.#bed.broker.idle();
      const before = await this.#open();
      await setTimeout(1_200);
      const { archive, receipts } = await this.#reconcile();
      if (before === 0 && archive.adopted === 0 && receipts.uploads === 0) return;
    }
    throw new Error(`${await this.#open()} receipts do not close.`);
  }

  async #open(): Promise<number> {
    const [row] = await this.#bed.query(
      'select count(*) as n from ingestions where user_id = $1 and completed_at is null',
      [this.person.id],
    );
    return Number(row?.n);
  }

  async #reconcile(): Promise<Findings> {
    const { status, body } = await this.#bed.call(
      '/api/v1/admin/reconcile',
      this.person.keys.admin,
      { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } },
    );
    if (status !== 200) throw new Error(`Reconciling was answered ${status} ${body.error}.`);
    const findings = body.data as unknown as Findings;
    expect(findings.not_closing).toEqual([]);
    return findings;
  }

  /** All that was accepted is there once, nothing else is, and every receipt closes. */
  async expectWhole(): Promise<void> {
    const { person } = this;
    const rows = await this.#bed.query(
      `select display_name as source, count(*) as points, sum(value) as total
       from series join samples on series_id = id
       where user_id = $1
       group by display_name`,
      [person.id],
    );
    const stored = rows.map(({ source, points, total }) => [source, Number(points), Number(total)]);
    const expected = [...this.#accepted].map(([source, points]) => [
      source,
      points,
      (points * (points - 1)) / 2,
    ]);
    expect(new Map(stored.map((row) => [row[0], row]))).toEqual(
      new Map(expected.map((row) => [row[0], row])),
    );
    for (const source of this.#refused) {
      expect(rows.map((row) => row.source)).not.toContain(source);
    }

    const [receipts] = await this.#bed.query(
      `select count(*) filter (where completed_at is null) as open,
         count(*) filter (where status = 'failed') as failed,
         count(*) filter (where slices_loaded <> slices_total) as incomplete,
         coalesce(sum((select sum(count_at(value, 1)) from ingestion_slices as slice, jsonb_each(counts)
           where slice.ingestion_id = ingestions.id)), 0) as inserted
       from ingestions where user_id = $1`,
      [person.id],
    );
    const points = [...this.#accepted.values()].reduce((sum, each) => sum + each, 0);
    expect(receipts).toEqual({ open: '0', failed: '0', incomplete: '0', inserted: String(points) });
  }
}

/** What a bed of faults is started with: small slices, so that much can go wrong, and a sweeper that does not wait. */
export const RESTLESS = {
  SLICE_BYTES: '16384',
  SWEEP_AFTER_SECONDS: '1',
};
