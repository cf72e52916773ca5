import { vocabulary } from '../vocabulary.ts';

export const CYCLE_EVENTS = vocabulary({
  menstrual_flow: ['Flujo Menstrual'],
  sexual_activity: [],
  ovulation_test_result: [],
});
