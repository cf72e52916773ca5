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

export function addEvent<S extends z.ZodRawShape>(item: Item<S>, said: Particulars): void {
  const { collector, section } = item.place;
  const { startedAt, endedAt = null, name, code, attributes } = said;
  const { value = null, valueCode = null, quantity = null } = said;
  const source = item.source(said.source).displayName;
  // Field by field: spreading what is said would take longer than hashing it.
  const event: HealthEvent = {
    section,
    kind: said.kind,
    key: said.key,
    keyIsUnique: said.keyIsUnique ?? false,
    startedAt,
    endedAt,
    name,
    code,
    value,
    valueCode,
    quantity,
    source,
    attributes,
    raiseOnly: said.raiseOnly ?? false,
    fingerprint: fingerprintOf([
      startedAt,
      endedAt,
      name,
      code,
      value,
      valueCode,
      quantity,
      source,
      attributes,
    ]),
  };
  collector.received(section);
  collector.events.add(event);
  item.countUnknownFields(section);
}

/** Part of an event's key. Its end in the key makes two of one name and start different events. */
export const until = (name: string, endedAt: number | null): string =>
  endedAt === null ? name : `${name} until ${endedAt}`;
