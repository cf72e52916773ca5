import { afterAll, beforeAll, it } from 'vitest';
import { putUnderAttack, type UnderAttack } from '../hostile/support/under-attack.ts';
import { startTestStack, type TestStack } from '../integration/support/stack.ts';
import { type Postgres, startPostgres } from './bed/postgres.ts';
import { hostileRequest, type Recipe } from './fuzz/hostile-requests.ts';

/**
 * Requests made to cost much, for some minutes, with one ordinary key after another, beside a person who is served. Which
 * request it was is said by its recipe: `HOSTILE_SEED=… HOSTILE_FROM=… HOSTILE_MINUTES=0` sends that one again first.
 */

const MINUTES = Number(process.env.HOSTILE_MINUTES ?? 2);
const SEED = Number(process.env.HOSTILE_SEED ?? 1);
const FROM = Number(process.env.HOSTILE_FROM ?? 0);

/** Of one key, within its quota of an hour; then comes the next attacker. */
const REQUESTS_A_KEY = 60;
const LANES = 3;
/** Of a process that is cold when it begins, with three bodies of up to 8 MB at a time. One table of a kilobyte once took 1,100. */
const MAX_MEMORY_MB = 512;

let postgres: Postgres;
let test: TestStack;
let underAttack: UnderAttack;
beforeAll(async () => {
  postgres = await startPostgres();
  test = await startTestStack(
    { RECOMPUTE_AFTER_SECONDS: '60' },
    { databaseUrl: postgres.url, redisUrl: process.env.TEST_REDIS_URL ?? null },
  );
  // Other tests run beside this one: how long an answer takes says nothing here.
  underAttack = await putUnderAttack(test, { isTimed: false, maxMemoryMb: MAX_MEMORY_MB });
});
afterAll(async () => {
  await test?.stack.stop();
  await postgres?.stop();
});

it(`whatever is sent for ${MINUTES} minutes, it is answered, and another person is served`, {
  timeout: (MINUTES + 5) * 60_000,
}, async () => {
  const end = Date.now() + MINUTES * 60_000;
  let next = FROM;
  do {
    const first = next;
    next += REQUESTS_A_KEY;
    await round(first, next);
  } while (Date.now() < end);
  console.log(`${next - FROM} hostile requests of seed ${SEED}`);
});

/** Requests `first` to `end` of one attacker. */
async function round(first: number, end: number): Promise<void> {
  const slowest: { took: number; recipe: Recipe }[] = [];
  // Made beforehand: this process has the client of the other person, too.
  const requests = Array.from({ length: end - first }, (_, i) => hostileRequest(SEED, first + i));
  const run = underAttack.run({
    name: `requests ${first} to ${end - 1} of seed ${SEED}`,
    run: async ({ send }) => {
      const lane = async () => {
        for (let next = requests.shift(); next !== undefined; next = requests.shift()) {
          const { recipe, kind, init } = next;
          const began = performance.now();
          const { status, body } = await send(recipe.path, kind, init).catch((cause) => {
            throw new Error(`No answer to ${JSON.stringify(recipe)}`, { cause });
          });
          slowest.push({ took: Math.round(performance.now() - began), recipe });
          if (status >= 500 && status !== 503) {
            throw new Error(`${status} ${body.error} to ${JSON.stringify(recipe)}`);
          }
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
    },
  });
  await run.catch((cause) => {
    const suspects = slowest.toSorted((a, b) => b.took - a.took).slice(0, 5);
    throw new Error(`The slowest were ${JSON.stringify(suspects)}`, { cause });
  });
}
