import { z } from 'zod';
import { pressurePoint, quantityPoint, rangePoint } from './points.ts';
import { cycleSchema } from './sections/cycle.ts';
import { ecgSchema, voltageSchema } from './sections/ecg.ts';
import { heartNotificationSchema } from './sections/heart-notification.ts';
import { medicationSchema } from './sections/medication.ts';
import { routePointSchema } from './sections/route.ts';
import { sexualActivitySchema } from './sections/sexual-activity.ts';
import { nightSchema, segmentSchema } from './sections/sleep.ts';
import { stateOfMindSchema } from './sections/state-of-mind.ts';
import { symptomSchema } from './sections/symptom.ts';
import { workoutSchema } from './sections/workout.ts';
import { text } from './wire.ts';

/** The schemas that the decoder reads with, as JSON Schema (draft 2020-12). Pure. */

const point = z.union([
  segmentSchema.loose(),
  nightSchema.loose(),
  pressurePoint.loose(),
  rangePoint.loose(),
  sexualActivitySchema.loose(),
  quantityPoint.loose(),
]);

const series = z.array(z.union([quantityPoint.loose(), rangePoint.loose()])).nullish();

/** One element of each section. What a schema does not know is allowed, and counted in the receipt. */
const ELEMENTS: Readonly<Record<string, z.ZodType>> = {
  metrics: z.looseObject({ name: z.string(), units: text, data: z.array(point).nullish() }),
  workouts: workoutSchema
    .extend({ route: z.array(routePointSchema.loose()).nullish(), heartRateData: series })
    .loose(),
  stateOfMind: stateOfMindSchema.loose(),
  medications: medicationSchema.loose(),
  symptoms: symptomSchema.loose(),
  cycleTracking: cycleSchema.loose(),
  ecg: ecgSchema.extend({ voltageMeasurements: z.array(voltageSchema.loose()).nullish() }).loose(),
  heartRateNotifications: heartNotificationSchema.loose(),
};

export const SCHEMA_NAMES: readonly string[] = ['payload', ...Object.keys(ELEMENTS)];

/** @param base URL that the schemas stand under. @returns `null` if there is none of that name. */
export function schemaOf(name: string, base: string): object | null {
  if (name === 'payload') return payloadSchema(base);
  const element = Object.hasOwn(ELEMENTS, name) ? ELEMENTS[name] : undefined;
  if (element === undefined) return null;
  const { $schema, ...schema } = z.toJSONSchema(element, { io: 'input', unrepresentable: 'any' });
  return { $schema, $id: `${base}${name}`, title: `An element of ${name}`, ...schema };
}

const payloadSchema = (base: string): object => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `${base}payload`,
  title: 'A payload of Health Auto Export',
  type: 'object',
  properties: {
    data: {
      type: 'object',
      properties: Object.fromEntries(
        Object.keys(ELEMENTS).map((name) => [
          name,
          { type: ['array', 'null'], items: { $ref: `${base}${name}` } },
        ]),
      ),
    },
  },
});
