import { vocabulary } from '../vocabulary.ts';

export const CYCLE_VALUES = vocabulary({
  light: [],
  heavy: ['Pesado'],
  positive: [],
  protection_used: [],
});
