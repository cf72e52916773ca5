import type { Random } from './random.ts';

/** The next so many times, or each time with a probability until `reset`. */
export type Often = number | { probability: number };

/** Every time until `reset`. */
export const ALWAYS: Often = { probability: 1 };

interface Entry<Operation, Fault> {
  operation: Operation | 'any';
  fault: Fault;
  times: number;
  probability: number;
}

/** Which faults are still to come. */
export class FaultPlan<Operation extends string, Fault> {
  readonly #random: Random;
  #entries: Entry<Operation, Fault>[] = [];
  /** How many faults were dealt out so far. */
  dealt = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  add(operation: Operation | 'any', fault: Fault, often: Often): void {
    const [times, probability] =
      typeof often === 'number' ? [often, 1] : [Number.POSITIVE_INFINITY, often.probability];
    this.#entries.push({ operation, fault, times, probability });
  }

  /** The fault for what is about to be done, or `null`: it shall go well. */
  next(operation: Operation): Fault | null {
    const entry = this.#entries.find(
      (each) =>
        (each.operation === 'any' || each.operation === operation) &&
        this.#random() < each.probability,
    );
    if (entry === undefined) return null;
    entry.times -= 1;
    if (entry.times <= 0) this.#entries = this.#entries.filter((each) => each !== entry);
    this.dealt += 1;
    return entry.fault;
  }

  reset(): void {
    this.#entries = [];
  }
}
