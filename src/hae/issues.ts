import { ISSUES, MAX_ISSUES, MAX_ISSUES_ALIKE } from '../codes.ts';
import type { Issue, IssueCode } from '../model.ts';

/** What is said of single items of a slice: all of it is counted, some of it is kept. Pure. */

/** Which issues are kept: so many, from this place on, in order. */
export interface IssuePage {
  from: number;
  size: number;
}

export class Issues {
  readonly #page: IssuePage | null;
  readonly #named: Issue[] = [];
  readonly #remarks = new Map<string, Issue & { times: number }>();
  readonly #times = new Map<IssueCode, number>();
  /** By metric and code, how many have been named. */
  readonly #alike = new Map<string, number>();
  #seen = 0;

  /** @param page `null`: the first ones of each metric and code, so that every kind has an example. */
  constructor(page: IssuePage | null) {
    this.#page = page;
  }

  /** Names an item, or a point inside of one. */
  name(metric: string, pointer: () => string, code: IssueCode): void {
    this.#count(code);
    if (this.#isKept(metric, code)) {
      this.#named.push({ pointer: pointer(), metric, code, message: ISSUES[code].message });
    }
  }

  /** Says something of an item that is stored. One remark a metric and code, however many items it holds for. */
  remark(metric: string, pointer: string, code: IssueCode): void {
    const key = `${code} ${metric}`;
    const known = this.#remarks.get(key);
    if (known !== undefined) known.times++;
    else this.#remarks.set(key, { pointer, metric, code, message: '', times: 1 });
  }

  /** Once, at the end: items and points that were not stored, then remarks. */
  finish(): { issues: Issue[]; issueCounts: Map<IssueCode, number> } {
    for (const { times, pointer, metric, code } of this.#remarks.values()) {
      this.#count(code);
      if (!this.#isKept(metric, code)) continue;
      const message = `${ISSUES[code].message}${times > 1 ? ` (${times} times)` : ''}`;
      this.#named.push({ pointer, metric, code, message });
    }
    return { issues: this.#named, issueCounts: this.#times };
  }

  #count(code: IssueCode): void {
    this.#times.set(code, (this.#times.get(code) ?? 0) + 1);
  }

  #isKept(metric: string, code: IssueCode): boolean {
    const place = this.#seen++;
    if (this.#page !== null) {
      return place >= this.#page.from && this.#named.length < this.#page.size;
    }
    if (this.#named.length >= MAX_ISSUES) return false;
    const key = `${code} ${metric}`;
    const alike = this.#alike.get(key) ?? 0;
    this.#alike.set(key, alike + 1);
    return alike < MAX_ISSUES_ALIKE;
  }
}
