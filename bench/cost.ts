import type { Report } from './report.ts';

/**
 * What an installation costs a month at list prices (November 2026), after a year of data: hourly uploads of sixty
 * metrics grouped by hours, a week told once more each day, ten questions a day. Prices in dollars.
 */

/** What one person causes a month, and what each of it takes; measured on the one-machine stack. */
const USE = {
  uploads: 720 + 30,
  questions: 300,
  /** Commands as Upstash bills them, those inside scripts included (test/integration/redis-commands.test.ts). */
  redisPerUpload: 8,
  redisPerQuestion: 5,
  /** Class A operations of R2: the body. Listings by hour and lifecycle are shared by all people. */
  writesPerUpload: 1,
  /** CPU of the Worker with a remembered key, in milliseconds. */
  cpuPerUpload: 10,
  cpuPerQuestion: 8,
  /** Time in Postgres, in milliseconds. */
  databasePerUpload: 20,
  databasePerQuestion: 10,
  /** 32 kB of JSON, compressed at rest. */
  archivedKbPerUpload: 4,
  /** Samples with their index, and receipts of 1.5 kB. */
  rowsMb: 3.0 + 750 * 0.0015,
} as const;

const MONTHS = 12;
const HOUR_MS = 3_600_000;
const HOURS_A_MONTH = 730;

/** What is above an allowance, at a price for each million. */
const beyond = (amount: number, included: number, perMillion: number): number =>
  (Math.max(0, amount - included) / 1e6) * perMillion;

/** Dollars a month, by service. */
export function costOf(people: number): Record<string, number> {
  const requests = people * (USE.uploads + USE.questions);
  const cpu = people * (USE.uploads * USE.cpuPerUpload + USE.questions * USE.cpuPerQuestion);
  const commands =
    people * (USE.uploads * USE.redisPerUpload + USE.questions * USE.redisPerQuestion);
  const archivedGb = (people * MONTHS * USE.uploads * USE.archivedKbPerUpload) / 1e6;
  const databaseMs =
    people * (USE.uploads * USE.databasePerUpload + USE.questions * USE.databasePerQuestion);
  const rowsGb = (people * MONTHS * USE.rowsMb) / 1e3;
  // A free project holds half a gigabyte and stays awake for 100 hours of a whole unit.
  const isFree = rowsGb <= 0.5;
  // At most half of a unit's time is used; more people than a few keep a quarter of a unit awake all day.
  const units = Math.max(0.25 * HOURS_A_MONTH, databaseMs / HOUR_MS / 0.5);
  return {
    Workers: 5 + beyond(requests, 10e6, 0.3) + beyond(cpu, 30e6, 0.02),
    Logs: beyond(requests, 20e6, 0.6),
    'R2 operations': beyond(people * USE.uploads * USE.writesPerUpload, 1e6, 4.5),
    'R2 storage': Math.max(0, archivedGb - 10) * 0.015,
    Upstash: commands <= 500_000 ? 0 : Math.min((commands / 1e5) * 0.2, fixedPlan(commands)),
    'Neon compute': isFree ? 0 : units * 0.106,
    'Neon storage': isFree ? 0 : rowsGb * 0.35,
  };
}

const SECONDS_A_MONTH = HOURS_A_MONTH * 3600;
/** Ten times the mean comes at the full hour. A plan at a fixed price takes 1,000 commands a second for $10, 10,000 for $20. */
function fixedPlan(commands: number): number {
  const peak = (commands / SECONDS_A_MONTH) * 10;
  if (peak <= 1_000) return 10;
  return peak <= 10_000 ? 20 : Number.POSITIVE_INFINITY;
}

const REACHES: readonly (readonly [people: number, reach: number | null])[] = [
  [1, null],
  [1_000, 0.06],
  [100_000, 0.03],
];

export function reportCost(report: Report): void {
  for (const [people, reach] of REACHES) {
    const costs = Object.entries(costOf(people)).filter(([, dollars]) => dollars > 0);
    const total = costs.reduce((sum, [, dollars]) => sum + dollars, 0);
    const parts = costs.map(([service, dollars]) => `${service} ${dollars.toFixed(0)}`).join(', ');
    report.add(
      `cost a month at list prices, ${people.toLocaleString('en')} ${people === 1 ? 'person' : 'people'}, hours grouping`,
      `$${total.toFixed(0)}, $${(total / people).toFixed(3)} a person (${parts})`,
      reach === null ? 'print' : `≤ $${reach} a person`,
      reach === null ? undefined : total / people <= reach,
    );
  }
}
