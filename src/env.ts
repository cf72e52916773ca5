import { z } from 'zod';

const count = z.coerce
  .number('must be a number')
  .int('must be a whole number')
  .positive('must be above 0');

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
  /** Where spans go, if anywhere; the names are OpenTelemetry's. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().default(''),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().default(''),
  /** Large enough for an efficient upsert, small enough to parse in a few milliseconds. */
  SLICE_BYTES: count.default(524_288),
  /** Cloudflare itself refuses bodies over 100 MB on its free and pro zones. */
  MAX_BODY_BYTES: count.default(104_857_600),
  /** Zip archives and CSV forms are held whole, next to what is made of them. */
  MAX_FILES_BYTES: count.default(16_777_216),
  /** A receipt that has not moved for so long has its slices sent again. */
  SWEEP_AFTER_SECONDS: count.default(600),
  /** A person's days are recomputed once time zone and sources have not changed for so long. */
  RECOMPUTE_AFTER_SECONDS: count.max(3_600).default(60),
});

const apiSettings = consumerSettings.extend({
  /** Makes the tags of new keys, and seals those that are remembered. Long enough not to be guessed. */
  KEY_PEPPER: z.string().min(32),
  /** Peppers that were replaced, separated by commas: keys with their tags are still good. */
  FORMER_KEY_PEPPERS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((pepper) => pepper !== '')),
  /** A dry run is one transaction that is taken back. */
  MAX_CHECK_BYTES: count.default(8_388_608),
  /** Uploads of a key in an hour; over that they wait behind those of others. */
  QUOTA_REQUESTS_PER_HOUR: count.default(100),
  /** Bytes of those, unpacked. */
  QUOTA_BYTES_PER_HOUR: count.default(10_485_760),
  /** From here on uploads are refused. Ten years sent day by day are 3,650. */
  REFUSE_REQUESTS_PER_HOUR: count.default(5_000),
  /** A first history of ten years has some 300 MB. */
  REFUSE_BYTES_PER_HOUR: count.default(2_147_483_648),
  /** Questions of a key in an hour: a board of thirty panels asks 3,600 at two a minute. */
  QUOTA_READS_PER_HOUR: count.default(7_200),
  QUOTA_OVERFLOW: z.enum(['defer', 'reject']).default('defer'),
  DEFER_SECONDS: count.max(86_400).default(60),
  IDEMPOTENCY_HOURS: count.default(24),
  /** Origins of pages that may call the API from a browser, separated by commas. */
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .pipe(z.array(z.union([z.url(), z.literal('')])))
    .transform((origins) => origins.filter((origin) => origin !== '')),
});

/** What the local stack and the examples use: known to everyone, so worth nothing elsewhere. */
const KNOWN_SECRETS = ['for this machine only', 'local-cache-token', 'change-me', 'changeme'];

function refuseKnownSecrets(settings: Settings): void {
  if (settings.ENVIRONMENT !== 'production') return;
  const known = Object.entries(settings).filter(
    ([, value]) =>
      typeof value === 'string' && KNOWN_SECRETS.some((each) => value.toLowerCase().includes(each)),
  );
  if (known.length === 0) return;
  const names = known.map(([name]) => name).join(', ');
  throw new SettingsError(
    `${names}: this is an example. Set a secret of your own, such as \`openssl rand -hex 32\` gives.`,
  );
}

export type Settings = Readonly<z.infer<typeof settings>>;
export type ConsumerSettings = Readonly<z.infer<typeof consumerSettings>>;
export type ApiSettings = Readonly<z.infer<typeof apiSettings>>;

/** Thrown at the first request of a Worker that is not set up. Names the variables, never their values. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** @throws SettingsError */
function check<T extends Settings>(schema: z.ZodType<T>, env: unknown): T {
  const result = schema.safeParse(env);
  if (result.success) {
    refuseKnownSecrets(result.data);
    return result.data;
  }
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new SettingsError(`The settings of this Worker are not valid. ${faults.join('; ')}`);
}

/** What is wrong with variables, each by its name; those that are missing are not looked at. */
export function faultsOfVars(vars: Readonly<Record<string, string>>): string[] {
  const result = apiSettings.partial().safeParse(vars);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** An isolate has one environment, and its settings are checked once. */
function once<T extends Settings>(schema: z.ZodType<T>): (env: object) => T {
  const checked = new WeakMap<object, T>();
  return (env) => {
    const known = checked.get(env);
    if (known !== undefined) return known;
    const settings = check(schema, env);
    checked.set(env, settings);
    return settings;
  };
}

/** @throws SettingsError */
export const readConsumerSettings: (env: object) => ConsumerSettings = once(consumerSettings);

/** @throws SettingsError */
export const readApiSettings: (env: object) => ApiSettings = once(apiSettings);
