import { z } from 'zod';
import { type Display, displayOf, type UnitChoice } from '../catalog/display.ts';

/** The parameter that turns the person's units off. */
export const unitsQuery = {
  units: z
    .enum(['preferred', 'canonical'])
    .default('preferred')
    .describe('`canonical`: as values are stored, whatever the person prefers to see'),
};

export type Units = 'preferred' | 'canonical';

/** How the numbers of a metric go out in this request. */
export const displayFor = (
  metric: { name: string; unit: string },
  choice: UnitChoice,
  units: Units,
): Display => displayOf(metric.name, metric.unit, units === 'canonical' ? {} : choice);
