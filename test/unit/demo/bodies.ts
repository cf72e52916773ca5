/** Reads what the generator has written, for tests. */

export type Point = Readonly<Record<string, number | string>>;

export interface Body {
  data: {
    metrics?: { name: string; units: string; data: Point[] }[];
    workouts?: Record<string, unknown>[];
    symptoms?: Record<string, unknown>[];
  };
}

export const pointsOf = (body: Body | undefined): { metric: string; point: Point }[] =>
  (body?.data.metrics ?? []).flatMap(({ name, data }) =>
    data.map((point) => ({ metric: name, point })),
  );

/** Two joins of the same devices are one source. */
export const plainSource = (source: unknown): string =>
  `${source ?? ''}`.normalize('NFKC').split('|').sort().join('|');

/** What tells the points of a body apart. */
export const pointKeys = (body: Body | undefined): string[] =>
  pointsOf(body).map(({ metric, point }) =>
    [
      metric,
      plainSource(point.source),
      point.date,
      point.mealTime,
      point.reason,
      point.value,
    ].join(),
  );
