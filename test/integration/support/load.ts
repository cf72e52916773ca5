import type { Loader, LoadOptions } from '../../../local/corpus/loader.ts';
import type { Tables } from '../../../local/corpus/tables.ts';
import type { Receipt } from '../../../src/model.ts';
import { metric } from './payloads.ts';

/** What a person has after some payloads, one after the other. */
export interface Loaded {
  rows: Tables;
  receipts: Receipt[];
  /** Codes of all issues, in order. */
  codes: string[];
}

export interface Delivery extends LoadOptions {
  body: unknown;
}

const RECEIVED_AT = Date.parse('2026-04-01T12:00:00Z');

/** Loads payloads for a new person; each comes a minute after the one before. */
export async function loadAll(loader: Loader, ...deliveries: Delivery[]): Promise<Loaded> {
  const person = await loader.newPerson();
  const receipts: Receipt[] = [];
  for (const [i, { body, ...options }] of deliveries.entries()) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    receipts.push(
      await loader.load(person, text, { receivedAt: RECEIVED_AT + i * 60_000, ...options }),
    );
  }
  return {
    rows: await loader.tables(person),
    receipts,
    codes: receipts.flatMap(({ issues }) => issues.map(({ code }) => code)),
  };
}

export const metrics = (...all: unknown[]): Delivery => ({ body: { data: { metrics: all } } });
export const section = (name: string, ...elements: unknown[]): Delivery => ({
  body: { data: { [name]: elements } },
});
export const sleep = (...data: unknown[]): Delivery =>
  metrics(metric('sleep_analysis', 'hr', data));
