/** What is done by the clock, and when (UTC). The expressions stand in wrangler.consumer.toml, too; a test compares them. */
export const CRONS = {
  '*/10 * * * *': 'sweep',
  '17 * * * *': 'reconcile',
  '43 3 * * *': 'partitions',
} as const;

export type Task = (typeof CRONS)[keyof typeof CRONS];

export const isCron = (cron: string): cron is keyof typeof CRONS => Object.hasOwn(CRONS, cron);
