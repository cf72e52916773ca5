import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '../../client/api.d.ts';
import { Complaint } from './fail.ts';

/** The API as its own document types it. */
export type Api = Client<paths>;

/** @param key sent as a bearer token */
export const openApi = (url: string, key: string): Api =>
  createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });

/** What came of a call. */
export interface Result<T> {
  data?: { data: T };
  error?: { detail?: string; title?: string } | undefined;
  response: Response;
}

/** `data` out of the envelope. @throws Complaint with the server's reason, never with what was sent */
export async function dataOf<T>(called: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await called;
  if (data !== undefined) return data.data;
  throw new Complaint(error?.detail ?? `The server answered ${response.status}.`);
}

/** Rows of all pages of a short list. */
export async function allPages<T>(
  ask: (page: {
    page: number;
    per_page: number;
  }) => Promise<
    Omit<Result<T[]>, 'data'> & { data?: { data: T[]; pagination: { has_next: boolean } } }
  >,
): Promise<T[]> {
  const rows: T[] = [];
  for (let page = 1; ; page++) {
    const asked = await ask({ page, per_page: 100 });
    rows.push(...(await dataOf(Promise.resolve(asked as Result<T[]>))));
    if (!asked.data?.pagination.has_next) return rows;
  }
}
