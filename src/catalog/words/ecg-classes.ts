import { vocabulary } from '../vocabulary.ts';

export const ECG_CLASSES = vocabulary({ sinus_rhythm: ['Ritmo Sinusal'], inconclusive: [] });
