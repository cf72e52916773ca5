import { vocabulary } from '../vocabulary.ts';

/** How pleasant a state of mind is: slugs on the wire, numbers in the documentation. */
export const MIND_VALENCES = vocabulary({
  very_unpleasant: ['veryUnpleasant', '1'],
  unpleasant: ['2'],
  slightly_unpleasant: ['slightlyUnpleasant', '3'],
  neutral: ['4'],
  slightly_pleasant: ['slightlyPleasant', '5'],
  pleasant: ['6'],
  very_pleasant: ['veryPleasant', '7'],
});
