import { instantOf, type Row, type Statement } from '../database.ts';
import { guarded } from './raw.ts';
import { HELD_PREFIX } from './raw-keys.ts';

/** Uploads that wait in the archive until their person can be looked up. */

export interface ListedHeld {
  key: string;
  ingestionId: string;
  /** Of the body as it lies there. */
  bytes: number;
  /** What the upload says of itself. */
  description: Record<string, string> | undefined;
}

/** With their metadata, R2 lists some hundred at once. */
const PAGE_SIZE = 100;

/** In the order in which they came, after the given one. @throws StorageUnreachable */
export async function listHeld(
  bucket: R2Bucket,
  after: string | null,
): Promise<{ page: ListedHeld[]; next: string | null }> {
  const { objects, truncated } = await guarded(() =>
    bucket.list({
      prefix: HELD_PREFIX,
      limit: PAGE_SIZE,
      include: ['customMetadata'],
      ...(after === null ? {} : { startAfter: after }),
    }),
  );
  const page = objects.map(({ key, size, customMetadata }) => ({
    key,
    bytes: size,
    ingestionId: key.slice(HELD_PREFIX.length),
    description: customMetadata,
  }));
  return { page, next: truncated ? (page.at(-1)?.key ?? null) : null };
}

/** Whose a tagged key is, and until when it opened something. Instants are Unix milliseconds. */
export interface KeyOwner {
  lookup: string;
  /** `null`: it was made without a tag, so no upload is ever held with it. */
  seal: string | null;
  keyId: string;
  userId: string;
  timeZone: string;
  revokedAt: number | null;
  expiresAt: number | null;
  /** The person is being erased. */
  isErasing: boolean;
}

export const selectKeyOwners = (lookups: readonly string[]): Statement => ({
  text: `
    select lookup, seal, api_keys.id as key_id, user_id, time_zone, revoked_at, expires_at,
      erasing_since is not null as is_erasing
    from api_keys join users on users.id = user_id
    where lookup in (select jsonb_array_elements_text($1::jsonb))`,
  params: [JSON.stringify(lookups)],
});

const instant = (value: unknown): number | null => (value === null ? null : instantOf(value));

export const toKeyOwner = (row: Row): KeyOwner => ({
  lookup: String(row.lookup),
  seal: row.seal === null ? null : String(row.seal),
  keyId: String(row.key_id),
  userId: String(row.user_id),
  timeZone: String(row.time_zone),
  revokedAt: instant(row.revoked_at),
  expiresAt: instant(row.expires_at),
  isErasing: row.is_erasing === true,
});
