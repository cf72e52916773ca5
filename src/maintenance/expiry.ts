/**
 * What the lifecycle rules of the bucket do at Cloudflare (r2-lifecycle.json), for an archive on one machine, which
 * has none. A test compares the two. In the order of keys.
 */
export const EXPIRY_DAYS = { 'exports/': 14, 'rejected/': 90 } as const;
