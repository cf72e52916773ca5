import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { verifyKey } from '../keys/argon2.ts';
import { type Addresses, openAttemptLimits } from '../keys/attempts.ts';
import { cureOfMissing, readKey } from '../keys/format.ts';
import { createIsolateMemory } from '../keys/isolate-memory.ts';
import { createSharedMemory } from '../keys/shared-memory.ts';
import { type Flights, openSingleFlight } from '../keys/single-flight.ts';
import { createVerifier, type GenuineKey, type Verdict, type Verifier } from '../keys/verify.ts';
import { log } from '../log.ts';
import { type Identity, INSTALLATION, type KeyKind } from '../model.ts';
import { findKey } from '../store/keys.ts';
import { isolateMeter } from '../telemetry/isolate-meter.ts';
import { addressOf } from './address.ts';
import type { AppEnv } from './context.ts';
import { HttpProblem } from './problem.ts';

/** What a route asks of the key. */
export type Scope =
  | 'ingest'
  | 'replay'
  | 'receipts'
  | 'catalogue'
  | 'read'
  /** What the key's own person wants: units, days, sources, goals. */
  | 'preferences'
  | 'erase'
  | 'admin';

/** A stolen phone key reads no health data; an operator's key neither. */
export const SCOPES: Readonly<Record<KeyKind, readonly Scope[]>> = {
  ing: ['ingest', 'replay', 'receipts', 'catalogue'],
  read: ['read', 'preferences', 'receipts', 'catalogue', 'erase'],
  admin: ['admin', 'preferences', 'replay', 'receipts', 'catalogue', 'erase'],
};

/** Shared by the requests of an isolate, which is what they are for. */
const isolate = createIsolateMemory();
const flights: Flights<Verdict> = new Map();
const addresses: Addresses = new Map();

const wait = (ms: number): Promise<void> => scheduler.wait(ms);

export function verifierOf(c: Context<AppEnv>): Verifier {
  const settings = c.get('settings');
  return createVerifier({
    peppers: [settings.KEY_PEPPER, ...settings.FORMER_KEY_PEPPERS],
    isolate,
    shared: createSharedMemory(c.get('redis'), () => log('warn', 'key cache away', {})),
    flights: openSingleFlight(flights, {
      wait,
      keepAlive: (work) => c.executionCtx.waitUntil(work),
    }),
    attempts: openAttemptLimits({
      addresses,
      counter: c.env.KEY_CHECKS_PER_IP,
      now: Date.now,
      wait,
    }),
    findKey: (lookup) => findKey(c.get('database'), lookup),
    verifyHash: verifyKey,
    now: Date.now,
    wait,
    onCheck: (known) => isolateMeter.count('key_checks_total', { known }),
  });
}

/** @throws HttpProblem */
function admitted(verdict: Exclude<Verdict, { genuine: GenuineKey }>, headers: Headers): Identity {
  if ('identity' in verdict) return verdict.identity;
  const { code, detail = code === 'key_missing' ? cureOfMissing(headers) : undefined } =
    verdict.refusal;
  throw new HttpProblem(code, {
    ...(detail === undefined ? {} : { detail }),
    ...(code === 'too_many_attempts' ? { headers: { 'Retry-After': '60' } } : {}),
  });
}

/** For what cannot be undone: whoever asks has the key itself, now, and it is not revoked. @throws HttpProblem */
export async function authenticateAnew(c: Context<AppEnv>): Promise<Identity> {
  const verdict = await verifierOf(c).verifyAnew(readKey(c.req.raw.headers), () => addressOf(c));
  if ('genuine' in verdict) throw new HttpProblem('database_unavailable');
  return admitted(verdict, c.req.raw.headers);
}

/** @throws HttpProblem */
function requireScope(kind: KeyKind, scope: Scope): void {
  if (SCOPES[kind].includes(scope)) return;
  const kinds = Object.entries(SCOPES).filter(([, scopes]) => scopes.includes(scope));
  throw new HttpProblem('scope_missing', {
    detail: `This takes a key of kind ${kinds.map(([each]) => each).join(' or ')}, not ${kind}.`,
  });
}

/** What is done to a person's own data. */
const PERSONAL: readonly Scope[] = ['preferences', 'erase'];

/** @throws HttpProblem */
function requirePersonFor(scope: Scope, { userId }: Identity): void {
  if (userId !== INSTALLATION || !PERSONAL.includes(scope)) return;
  throw new HttpProblem('scope_missing', {
    detail: 'This key belongs to the installation, and to no person. Use a read key of the person.',
  });
}

/** Answers a request with a key of this server whose person cannot be looked up now. */
export type Hold = (c: Context<AppEnv>, key: GenuineKey) => Promise<Response>;

/**
 * Lets a request pass only with a key that may do what the route does.
 * @param hold what the route does while the database cannot say whose a genuine key is
 */
export const requireKey = (scope: Scope, hold?: Hold) =>
  createMiddleware<AppEnv>(async function authenticate(c, next) {
    const verdict = await verifierOf(c).verify(readKey(c.req.raw.headers), () => addressOf(c));
    if ('genuine' in verdict) {
      requireScope(verdict.genuine.kind, scope);
      if (hold === undefined) throw new HttpProblem('database_unavailable');
      return hold(c, verdict.genuine);
    }
    const identity = admitted(verdict, c.req.raw.headers);
    c.set('identity', identity);
    requireScope(identity.kind, scope);
    requirePersonFor(scope, identity);
    return next();
  });
