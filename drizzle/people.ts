/** People and keys as the migrations make them: for typed queries, not for making tables. */

import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import type { KeyKind } from '../src/model.ts';

export const users = pgTable('users', {
  id: uuid().primaryKey().defaultRandom(),
  email: text().notNull().unique(),
  timeZone: text('time_zone').notNull().default('UTC'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  weekStart: smallint('week_start').notNull().default(1),
  units: jsonb().$type<Record<string, string>>().notNull().default({}),
  erasingSince: timestamp('erasing_since', { withTimezone: true }),
  zoneChanges: timestamp('zone_changes', { withTimezone: true }).array().notNull().default([]),
  recomputeUntil: timestamp('recompute_until', { withTimezone: true }),
});

export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text().$type<KeyKind>().notNull(),
    name: text(),
    lookup: text().notNull().unique(),
    secretHash: text('secret_hash').notNull(),
    seal: text(),
    requestsPerHour: integer('requests_per_hour'),
    bytesPerHour: bigint('bytes_per_hour', { mode: 'number' }),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp('expires_at', { withTimezone: true }),
    revokedAt: timestamp('revoked_at', { withTimezone: true }),
  },
  (table) => [index('api_keys_of_user').on(table.userId)],
);
