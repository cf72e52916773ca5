/**
 * What one person may take of what all share, as an isolate sees it: the database while requests wait for it, and the
 * live lane. Plain data, no clock: instants are Unix milliseconds and come from outside.
 */

/** Loads under way at once in the requests of an isolate; whatever comes beyond goes through the queue, which waits. */
export const MAX_INLINE_LOADS = 8;
/** Of those, of one person: a phone posts its automations at the same moment. */
export const MAX_INLINE_LOADS_A_PERSON = 4;

/** A database that took longer for a load has enough to do. */
export const SLOW_LOAD_MS = 1_000;
/** For so long it is spared: one load of each of a few people, so that it is noticed when it is well again. */
export const SPARED_MS = 10_000;
export const MAX_INLINE_PEOPLE_SPARED = 2;

/** What is under way for longer was cut off with its request, as by a phone that hangs up, and never says that it ended. */
export const MAX_LOAD_MS = 60_000;

/** Which small uploads are loaded while their request waits. */
export class InlineLoads {
  /** When those under way began, of each person. */
  readonly #ofPerson = new Map<string, readonly number[]>();
  #sparedUntil = 0;

  /** @returns whether it may be loaded at once; then `end` must follow */
  begin(person: string, now: number): boolean {
    this.#forget(now - MAX_LOAD_MS);
    const theirs = this.#ofPerson.get(person) ?? [];
    const isFull =
      now < this.#sparedUntil
        ? theirs.length > 0 || this.#ofPerson.size >= MAX_INLINE_PEOPLE_SPARED
        : theirs.length >= MAX_INLINE_LOADS_A_PERSON || this.#underWay() >= MAX_INLINE_LOADS;
    if (isFull) return false;
    this.#ofPerson.set(person, [...theirs, now]);
    return true;
  }

  end(person: string, startedAt: number, now: number): void {
    const theirs = this.#ofPerson.get(person) ?? [];
    const at = theirs.indexOf(startedAt);
    if (at >= 0) this.#keep(person, theirs.toSpliced(at, 1));
    this.#sparedUntil = now - startedAt > SLOW_LOAD_MS ? now + SPARED_MS : 0;
  }

  #underWay(): number {
    let loads = 0;
    for (const { length } of this.#ofPerson.values()) loads += length;
    return loads;
  }

  #forget(before: number): void {
    for (const [person, theirs] of this.#ofPerson) {
      this.#keep(
        person,
        theirs.filter((startedAt) => startedAt > before),
      );
    }
  }

  #keep(person: string, theirs: readonly number[]): void {
    if (theirs.length === 0) this.#ofPerson.delete(person);
    else this.#ofPerson.set(person, theirs);
  }
}

const MINUTE_MS = 60_000;
/** Some 8 MB: two of the largest uploads of the live lane. */
export const MAX_LIVE_SLICES_A_MINUTE = 16;

/** How many slices of each person have gone to the live lane of late. Those beyond go behind, as history does. */
export class LiveShares {
  #minute = 0;
  #sent = new Map<string, number>();

  /** @returns whether they may go to the live lane; then they count */
  take(person: string, slices: number, now: number): boolean {
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#sent = new Map();
    }
    const sent = (this.#sent.get(person) ?? 0) + slices;
    if (sent > MAX_LIVE_SLICES_A_MINUTE) return false;
    this.#sent.set(person, sent);
    return true;
  }
}

/** Of this isolate. */
export const inlineLoads = new InlineLoads();
export const liveShares = new LiveShares();
