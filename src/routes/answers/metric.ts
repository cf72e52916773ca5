import { z } from 'zod';

/** Metrics and their samples as they go over the wire. */

const coverage = z.object({
  units: z.array(z.string()),
  sources: z.array(z.string()),
  first: z.iso.datetime().nullable(),
  last: z.iso.datetime().nullable(),
});

export const metricAnswer = z
  .object({
    name: z.string(),
    title: z.string(),
    category: z.string(),
    kind: z
      .enum(['sum', 'average', 'range', 'own', 'unknown'])
      .describe('How its values combine over time.'),
    unit: z.string().describe('What its values are stored in.'),
    aliases: z.array(z.string()),
    has: coverage
      .nullable()
      .optional()
      .describe('What this person has of it; only for a read key, null for nothing.'),
  })
  .meta({
    id: 'Metric',
    examples: [
      {
        name: 'step_count',
        title: 'Step Count',
        category: 'activity',
        kind: 'sum',
        unit: 'count',
        aliases: ['steps'],
        has: {
          units: ['count'],
          sources: ['Watch'],
          first: '2021-06-01T05:00:00.000Z',
          last: '2026-03-02T07:41:00.000Z',
        },
      },
    ],
  });

const reading = z.number().nullable().optional();

export const sampleAnswer = z
  .object({
    recorded_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
    value: z.number().optional(),
    min: reading,
    max: reading,
    systolic: reading,
    diastolic: reading,
    pulse: reading,
    unit: z.string(),
    source: z.string().describe('As the app wrote it.'),
    grouping: z.string().describe('How the numbers were grouped, as the app said.'),
    context: z.string().nullable().describe('Meal time, insulin reason and the like.'),
  })
  .meta({
    id: 'Sample',
    description: 'Blood pressure has its three numbers in place of one value.',
    examples: [
      {
        recorded_at: '2026-03-02T07:41:00.000Z',
        ended_at: null,
        value: 412,
        min: null,
        max: null,
        unit: 'count',
        source: 'Watch',
        grouping: 'minutes',
        context: null,
      },
    ],
  });
