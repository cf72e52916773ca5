import { argon2id } from 'hash-wasm';
import { hashOptions } from '../../src/keys/argon2-parameters.ts';
import { issueKey, type KeyWish } from '../../src/keys/create.ts';
import { insertKey, type KeyRecord } from '../../src/store/keys.ts';

/** Makes keys from Node: for the commands, the tests and the benchmarks. */

/** Runs a statement on whatever database it is. */
type Run = (text: string, params: (string | null)[]) => Promise<unknown>;

interface IssueOptions {
  /** Of the Worker that shall take the key; `null` where it is not known. */
  pepper: string | null;
  /** In place of the cost of argon2id, for keys that only tests have: a Worker takes it from the hash. */
  cost?: { memorySize: number; iterations: number };
}

/** A key that never ends, with the limits of the installation. */
export const PLAIN_KEY = {
  name: null,
  requestsPerHour: null,
  bytesPerHour: null,
  expiresAt: null,
} as const;

export const issueKeyIn = (
  run: Run,
  wish: KeyWish,
  { pepper, cost }: IssueOptions,
): Promise<{ key: string; record: KeyRecord }> =>
  issueKey(
    {
      pepper,
      hash: (key) => argon2id({ ...hashOptions(key), ...cost }),
      save: async (key) => {
        const { record, statement } = insertKey(key);
        await run(
          statement.text,
          statement.params.map((value) => (value === null ? null : String(value))),
        );
        return record;
      },
    },
    wish,
  );
