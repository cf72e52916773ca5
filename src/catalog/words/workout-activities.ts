import { vocabulary } from '../vocabulary.ts';

export const WORKOUT_ACTIVITIES = vocabulary({ walking: ['Outdoor Walk'] });
