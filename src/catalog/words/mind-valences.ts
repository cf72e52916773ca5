import { vocabulary } from '../vocabulary.ts';

export const MIND_VALENCES = vocabulary({ slightly_pleasant: [], unpleasant: ['2'] });
