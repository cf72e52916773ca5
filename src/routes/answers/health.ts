import { z } from 'zod';

/** How the server is. These come without the envelope. */

const check = z.enum(['connected', 'disconnected']);
const status = z.enum(['healthy', 'degraded', 'unhealthy']);
const environment = z.enum(['production', 'local']);
const AT = '2026-03-02T07:41:00.000Z';

export const healthAnswer = z
  .object({
    status,
    database: z
      .enum(['connected', 'disconnected', 'not asked yet'])
      .describe('As it was last seen: this does not wake it.'),
    cache: check,
    archive: check,
    environment,
    timestamp: z.iso.datetime(),
  })
  .meta({
    id: 'Health',
    examples: [
      {
        status: 'healthy',
        database: 'connected',
        cache: 'connected',
        archive: 'connected',
        environment: 'production',
        timestamp: AT,
      },
    ],
  });

export const liveAnswer = z
  .object({ status: z.literal('alive') })
  .meta({ examples: [{ status: 'alive' }] });

export const readyAnswer = z
  .object({ status: z.enum(['ready', 'not_ready']), archive: check })
  .meta({ examples: [{ status: 'ready', archive: 'connected' }] });

const instant = z.iso.datetime().nullable();

const database = z.object({
  state: check,
  version: z.string().optional(),
  latency_ms: z.number().optional(),
  partitions_until: instant.optional(),
});

const receipts = z.object({
  open: z.int(),
  oldest_open_at: instant,
  failed_last_day: z.int(),
  not_closing: z.int(),
});

const queue = z.object({
  queue: z.string(),
  messages: z.number(),
  oldest_seconds: z.number().nullable(),
});

const upkeep = z.object({
  task: z.string(),
  ran_at: instant,
  findings: z.unknown(),
});

export const detailedHealthAnswer = z
  .object({
    status,
    alarms: z.array(z.string()).describe('What is wrong, each with its cure.'),
    version: z.string(),
    environment,
    archive: z.object({ state: check }),
    cache: z.object({ state: check }),
    database,
    queues: z.array(queue),
    receipts: receipts.nullable().describe('null while the database is away.'),
    totals: z
      .object({ differing: z.int(), metrics_waiting: z.int() })
      .nullable()
      .describe(
        'Totals of days: how many the last check found wrong, how many metrics are made anew.',
      ),
    jobs_running: z.int().nullable(),
    upkeep: z.array(upkeep).optional(),
    timestamp: z.iso.datetime(),
  })
  .meta({
    id: 'DetailedHealth',
    examples: [
      {
        status: 'healthy',
        alarms: [],
        version: '1.0.0',
        environment: 'production',
        archive: { state: 'connected' },
        cache: { state: 'connected' },
        database: {
          state: 'connected',
          version: '17.5',
          latency_ms: 12,
          partitions_until: '2026-07-01T00:00:00.000Z',
        },
        queues: [{ queue: 'live', messages: 0, oldest_seconds: null }],
        receipts: { open: 0, oldest_open_at: null, failed_last_day: 0, not_closing: 0 },
        totals: { differing: 0, metrics_waiting: 0 },
        jobs_running: 0,
        upkeep: [{ task: 'sweep', ran_at: AT, findings: { uploads: 0 } }],
        timestamp: AT,
      },
    ],
  });

export const metricsTextAnswer = z.string().meta({
  examples: [
    '# TYPE self_sensored_build_info gauge\nself_sensored_build_info{version="1.0.0"} 1\n',
  ],
});
