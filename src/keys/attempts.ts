/**
 * How often an address may make us hash a key that is not known: keys that turn out to be wrong are counted, and those
 * that are being checked are bounded, so that neither one guess after the other nor all at once costs more.
 */

/** The binding that counts, for all isolates of a place. */
export interface AttemptCounter {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

interface Address {
  underWay: number;
  /** Unix milliseconds. */
  refusedUntil: number;
}

/** What an isolate knows of the addresses that keys come from. */
export type Addresses = Map<string, Address>;

export interface AttemptLimits {
  /** @returns whether a check may begin; then `end` must follow. Waits while too many are under way. */
  begin(address: string): Promise<boolean>;
  end(address: string, isWrong: boolean): Promise<void>;
}

export interface AttemptParts {
  /** Shared by the requests of the isolate. */
  addresses: Addresses;
  counter: AttemptCounter;
  now(): number;
  wait(ms: number): Promise<unknown>;
}

/** As many as may be wrong in a minute (`KEY_CHECKS_PER_IP` in wrangler.toml). */
const MAX_UNDER_WAY = 60;
const REFUSED_MS = 60_000;
const POLL_MS = 100;
const MAX_WAIT_MS = 10_000;
/** Addresses that are refused; some 1 MB. */
const MAX_ADDRESSES = 10_000;

export function openAttemptLimits({ addresses, counter, now, wait }: AttemptParts): AttemptLimits {
  const stateOf = (address: string): Address =>
    addresses.get(address) ?? { underWay: 0, refusedUntil: 0 };
  const keep = (address: string, state: Address) => {
    addresses.delete(address);
    if (state.underWay === 0 && state.refusedUntil <= now()) return;
    addresses.set(address, state);
    const oldest = addresses.size > MAX_ADDRESSES ? addresses.keys().next().value : undefined;
    if (oldest !== undefined) addresses.delete(oldest);
  };
  const isRefused = (address: string) => now() < stateOf(address).refusedUntil;

  return {
    async begin(address) {
      for (let waited = 0; !isRefused(address); waited += POLL_MS) {
        const state = stateOf(address);
        if (state.underWay < MAX_UNDER_WAY) {
          keep(address, { ...state, underWay: state.underWay + 1 });
          return true;
        }
        if (waited >= MAX_WAIT_MS) return false;
        await wait(POLL_MS);
      }
      return false;
    },

    async end(address, isWrong) {
      // Counted first, or others would begin meanwhile.
      const isOver = isWrong && !(await counter.limit({ key: address })).success;
      const { underWay, refusedUntil } = stateOf(address);
      keep(address, {
        underWay: Math.max(0, underWay - 1),
        refusedUntil: isOver ? now() + REFUSED_MS : refusedUntil,
      });
    },
  };
}
