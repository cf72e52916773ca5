import { z } from 'zod';
import { answer, answerRows } from '../http/answer.ts';
import { readCursor } from '../http/cursor.ts';
import { pageByCursor } from '../http/cursor-page.ts';
import { checkLimit, formatOf, pageQuery, ROW_FORMATS } from '../http/format.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import {
  EVENT_KINDS,
  eventId,
  eventSchema,
  keyHash,
  positionOfEvent,
  selectEvent,
  selectEvents,
  toEvent,
} from '../read/events.ts';
import { instant } from './instant.ts';

const listEvents = operation({
  method: 'GET',
  path: '/api/v1/events',
  summary: 'Symptoms, doses, states of mind, notifications and entries of the cycle, oldest first.',
  scope: 'read',
  quota: 'reads',
  query: z.object({
    kind: z.enum(EVENT_KINDS).optional(),
    code: z.string().max(200).optional(),
    name: z.string().max(500).optional(),
    from: instant.optional(),
    to: instant.optional(),
    ...pageQuery,
  }),
  answer: z.array(eventSchema),
  formats: ROW_FORMATS,
  handler: async (c, { query: { kind, code, name, from, to, limit, cursor } }) => {
    checkLimit(c, limit);
    const { userId } = c.get('identity');
    const rows = await c.get('database').queryAs(
      userId,
      selectEvents({
        userId,
        kind: kind ?? null,
        code: code ?? null,
        name: name ?? null,
        from: from ?? null,
        to: to ?? null,
        after: readCursor(cursor, keyHash),
        limit: limit + 1,
      }),
    );
    const { page, pagination } = pageByCursor(rows, limit, positionOfEvent);
    const events = page.map(toEvent);
    return answerRows(c, formatOf(c) === 'csv' ? events.map(flattened) : events, { pagination });
  },
});

/** A cell of a table holds no object. */
const flattened = (event: ReturnType<typeof toEvent>) => ({
  ...event,
  attributes: JSON.stringify(event.attributes),
});

const getEvent = operation({
  method: 'GET',
  path: '/api/v1/events/:id',
  summary: 'One event.',
  scope: 'read',
  quota: 'reads',
  params: z.object({ id: eventId }),
  answer: eventSchema,
  handler: async (c, { params: { id } }) => {
    const { userId } = c.get('identity');
    const [row] = await c.get('database').queryAs(userId, selectEvent(userId, id));
    if (row === undefined) {
      throw new HttpProblem('not_found', { detail: 'There is no such event.' });
    }
    return answer(c, toEvent(row));
  },
});

export const eventRoutes = [listEvents, getEvent];
