/** Under which names the hourly quotas of a key are counted in Redis, so that an erasure finds them. */

export const QUOTA_HOUR_MS = 3_600_000;

export const quotaPrefix = (allowance: 'requests' | 'bytes'): string => `quota:${allowance}`;

/** As the library names its fixed windows: this hour's, and that of the hour before. */
export const quotaKeysOf = (keyId: string, now: number): string[] => {
  const hour = Math.floor(now / QUOTA_HOUR_MS);
  return (['requests', 'bytes'] as const).flatMap((allowance) =>
    [hour, hour - 1].map((each) => `${quotaPrefix(allowance)}:${keyId}:${each}`),
  );
};
