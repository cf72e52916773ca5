import type { z } from 'zod';
import type { EventKind, HealthEvent, Json } from '../../model.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { Item } from '../item.ts';

/** What the decoders of events have in common. Pure. */

interface Particulars {
  kind: EventKind;
  key: string;
  keyIsUnique?: boolean;
  startedAt: number;
  endedAt?: number | null;
  name: string;
  code: string | null;
  value?: string | null;
  valueCode?: string | null;
  quantity?: number | null;
  source?: unknown;
  attributes: Record<string, Json>;
  raiseOnly?: boolean;
}

export function addEvent<S extends z.ZodRawShape>(item: Item<S>, particulars: Particulars): void {
  const { collector, section } = item.place;
  const { raiseOnly = false, keyIsUnique = false, source, ...rest } = particulars;
  const event = {
    section,
    endedAt: null,
    value: null,
    valueCode: null,
    quantity: null,
    ...rest,
    source: item.source(source).displayName,
  };
  const fingerprint = fingerprintOf(event);
  collector.received(section);
  collector.events.add({ ...event, keyIsUnique, raiseOnly, fingerprint } satisfies HealthEvent);
  item.countUnknownFields(section);
}

/** Part of an event's key. Its end in the key makes two of one name and start different events. */
export const until = (name: string, endedAt: number | null): string =>
  endedAt === null ? name : `${name} until ${endedAt}`;
