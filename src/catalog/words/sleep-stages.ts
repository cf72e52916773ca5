import { vocabulary } from '../vocabulary.ts';

export const SLEEP_STAGES = vocabulary({
  core: ['Kern', '核心'],
  deep: ['Profond'],
  rem: ['快速眼动'],
  awake: ['Despierto'],
  in_bed: ['InBed', 'Im Bett'],
  asleep: ['Unspecified'],
});
