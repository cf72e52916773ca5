import { vocabulary } from '../vocabulary.ts';

export const MEDICATION_STATUSES = vocabulary({
  taken: ['Tomado'],
  not_interacted: ['No Interactuado'],
});
