import { z } from 'zod';

/** The app's own words: section by section whether it was saved. */
export const officialAnswer = z
  .record(
    z.string(),
    z.object({
      success: z.boolean(),
      message: z.string().optional(),
      error: z.string().optional(),
    }),
  )
  .meta({
    examples: [
      {
        metrics: { success: true, message: '1 metrics saved successfully' },
        workouts: { success: true, error: 'No workouts data provided' },
      },
    ],
  });
