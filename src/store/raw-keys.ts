/** Where uploads lie in the archive, and the names of the hours they lie under. */

export const HOUR_MS = 3_600_000;

/** `yyyy-mm-ddThh`, UTC. */
export const hourOf = (instant: number): string => new Date(instant).toISOString().slice(0, 13);

export const startOfHour = (hour: string): number => Date.parse(`${hour}:00:00Z`);

export const nextHour = (hour: string): string => hourOf(startOfHour(hour) + HOUR_MS);

/**
 * `raw/<yyyy-mm-ddThh>/<user>/<ingestion>`. The hour goes first, so that maintenance lists what an hour has brought,
 * a thousand uploads a request, however many people there are (decision 24).
 */
export const rawKeyOf = (userId: string, receivedAt: number, ingestionId: string): string =>
  `${rawPrefixOf(hourOf(receivedAt), userId)}${ingestionId}`;

/** What an hour has brought, of everyone or of one person. */
export const rawPrefixOf = (hour: string, userId: string | null): string =>
  userId === null ? `raw/${hour}/` : `raw/${hour}/${userId}/`;

/** What a key of the archive says. */
export interface RawPlace {
  userId: string;
  /** `yyyy-mm-dd`, UTC: when it was received. */
  day: string;
  ingestionId: string;
}

const BY_HOUR = /^raw\/(\d{4}-\d\d-\d\d)T\d\d\/([\da-f-]{36})\/([\da-f-]{36})$/;
/** The layout of releases up to 0.4: `raw/<user>/<yyyy-mm-dd>/<ingestion>`. */
const BY_PERSON = /^raw\/([^/]+)\/([^/]+)\/([^/]+)$/;

/** @returns `null` if it is no key of a raw object. */
export function placeOf(rawKey: string): RawPlace | null {
  const [, day, userId, ingestionId] = BY_HOUR.exec(rawKey) ?? swapped(BY_PERSON.exec(rawKey));
  if (day === undefined || userId === undefined || ingestionId === undefined) return null;
  return { userId, day, ingestionId };
}

const swapped = (found: RegExpExecArray | null): (string | undefined)[] =>
  found === null ? [] : [found[0], found[2], found[1], found[3]];

/** Where uploads wait whose person could not be looked up: `held/<ingestion>`, in the order in which they came. */
export const HELD_PREFIX = 'held/';

export const heldKeyOf = (ingestionId: string): string => `${HELD_PREFIX}${ingestionId}`;

/** Where a body that is no payload is kept for diagnosis. */
export const rejectedKeyOf = (rawKey: string): string => asideKeyOf('rejected', rawKey);

/** Where a zip or a form is kept as it came. */
export const originalKeyOf = (rawKey: string): string => asideKeyOf('original', rawKey);

/** `<prefix>/<user>/<yyyy-mm-dd>/<ingestion>`: these are only ever listed of one person. */
function asideKeyOf(prefix: string, rawKey: string): string {
  const place = placeOf(rawKey);
  if (place === null) return rawKey.replace(/^raw\//, `${prefix}/`);
  return `${prefix}/${place.userId}/${place.day}/${place.ingestionId}`;
}
