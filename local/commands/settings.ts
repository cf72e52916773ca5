import { join } from 'node:path';
import { z } from 'zod';
import { faultsOfVars } from '../../src/env.ts';
import { timeZone } from '../../src/routes/time-zone.ts';
import { root } from '../stack/root.ts';
import { Complaint } from './fail.ts';
import { ownerAddress } from './owner.ts';

/** What the environment says about this machine. */
const environment = z.object({
  PORT: z.coerce
    .number('must be a number from 1 to 65535')
    .int('must be a whole number')
    .min(1, 'must be a number from 1 to 65535')
    .max(65_535, 'must be a number from 1 to 65535')
    .default(8787),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default(join(root, '.local')),
  DATABASE_URL: z.string().startsWith('postgres', 'must begin with postgres://').optional(),
  REDIS_URL: z.string().startsWith('redis', 'must begin with redis://').optional(),
  LOG: z.string().optional(),
  /** Whose server this is, and their time zone, at the first start. */
  PERSON: ownerAddress.optional(),
  TIME_ZONE: timeZone.optional(),
  /** Where the Workers remember keys, if not in a Redis at REDIS_URL. */
  UPSTASH_REDIS_REST_URL: z.url().optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  /** Of the Workers that shall take the keys made here. */
  KEY_PEPPER: z.string().min(32, 'is the pepper of your Workers: 32 characters or more').optional(),
});

export type LocalSettings = z.infer<typeof environment>;

/** @throws Complaint */
export function readLocalSettings(env: NodeJS.ProcessEnv): LocalSettings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(set);
  if (result.success) return result.data;
  const wrong = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Complaint(wrong.join('\n✗ '));
}

/** Variables of the Workers that the environment sets otherwise than wrangler.toml does. @throws Complaint */
export function workerVars(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = [
    'MAX_BODY_BYTES',
    'MAX_FILES_BYTES',
    'MAX_CHECK_BYTES',
    'SLICE_BYTES',
    'SWEEP_AFTER_SECONDS',
    'RECOMPUTE_AFTER_SECONDS',
    'QUOTA_REQUESTS_PER_HOUR',
    'QUOTA_BYTES_PER_HOUR',
    'REFUSE_REQUESTS_PER_HOUR',
    'REFUSE_BYTES_PER_HOUR',
    'QUOTA_READS_PER_HOUR',
    'QUOTA_OVERFLOW',
    'DEFER_SECONDS',
    'IDEMPOTENCY_HOURS',
    'CORS_ORIGINS',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  ];
  const vars = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const wrong = faultsOfVars(vars);
  if (wrong.length > 0) throw new Complaint(wrong.join('\n✗ '));
  return vars;
}
