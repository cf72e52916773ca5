import { z } from 'zod';

const count = z.coerce.number().int().positive();

/** Settings of both Workers. Limits that the API alone knows have defaults, so that the consumer needs none of them. */
const settings = z.object({
  DATABASE_URL: z.string().startsWith('postgres'),
  /** Where Neon's HTTP protocol is spoken, when not at Neon. Set by the local stack. */
  NEON_ENDPOINT: z.string().default(''),
  ENVIRONMENT: z.enum(['production', 'local']).default('production'),
});

/** What the consumer knows besides. */
const consumerSettings = settings.extend({
  UPSTASH_REDIS_REST_URL: z.string().startsWith('http'),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  /** Large enough for an efficient upsert, small enough to parse in a few milliseconds. */
  SLICE_BYTES: count.default(524_288),
});

const apiSettings = consumerSettings.extend({
  /** Keys the memory of verified keys. Long enough that nobody guesses it. */
  KEY_PEPPER: z.string().min(32),
  /** Cloudflare itself refuses bodies over 100 MB on its free and pro zones. */
  MAX_BODY_BYTES: count.default(104_857_600),
  /** Zip archives and CSV forms are held whole, next to what is made of them. */
  MAX_FILES_BYTES: count.default(16_777_216),
  /** A dry run is one transaction that is taken back. */
  MAX_CHECK_BYTES: count.default(8_388_608),
  QUOTA_REQUESTS_PER_HOUR: count.default(100),
  QUOTA_BYTES_PER_HOUR: count.default(10_485_760),
  QUOTA_OVERFLOW: z.enum(['defer', 'reject']).default('defer'),
  DEFER_SECONDS: count.max(86_400).default(60),
  IDEMPOTENCY_HOURS: count.default(24),
});

export type Settings = Readonly<z.infer<typeof settings>>;
export type ConsumerSettings = Readonly<z.infer<typeof consumerSettings>>;
export type ApiSettings = Readonly<z.infer<typeof apiSettings>>;

/** Thrown at the first request of a Worker that is not set up. Names the variables, never their values. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

function check<T>(schema: z.ZodType<T>, env: unknown): T {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new SettingsError(`The settings of this Worker are not valid. ${faults.join('; ')}`);
}

export const readConsumerSettings = (env: unknown): ConsumerSettings =>
  check(consumerSettings, env);
export const readApiSettings = (env: unknown): ApiSettings => check(apiSettings, env);
