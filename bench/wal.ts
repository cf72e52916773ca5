import type pg from 'pg';

/** What is written to the write-ahead log while some work is done. */

export interface Wal {
  bytes: number;
  /** Of these, images of whole pages; `null` where pg_walinspect cannot be had. */
  imageBytes: number | null;
}

/** Runs `work` right after a checkpoint: each page it touches is written whole once, whatever came before. */
export async function walOf<T>(
  client: pg.Client,
  work: () => Promise<T>,
): Promise<{ result: T; wal: Wal }> {
  await client.query('checkpoint');
  const start = await position(client);
  const result = await work();
  const end = await position(client);
  const { rows } = await client.query<{ bytes: string }>(
    'select pg_wal_lsn_diff($2, $1) as bytes',
    [start, end],
  );
  const imageBytes = await imagesBetween(client, start, end);
  return { result, wal: { bytes: Number(rows[0]?.bytes), imageBytes } };
}

async function position(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ lsn: string }>(
    'select pg_current_wal_flush_lsn()::text as lsn',
  );
  return rows[0]?.lsn ?? '';
}

/** From the log itself: pg_stat_wal hears of other sessions only seconds later. Needs a superuser. */
async function imagesBetween(client: pg.Client, start: string, end: string) {
  try {
    await client.query('create extension if not exists pg_walinspect');
    const { rows } = await client.query<{ bytes: string }>(
      'select coalesce(sum(fpi_size), 0) as bytes from pg_get_wal_stats($1, $2)',
      [start, end],
    );
    return Number(rows[0]?.bytes);
  } catch {
    return null;
  }
}
