import { vocabulary } from '../vocabulary.ts';

export const SYMPTOMS = vocabulary({ headache: ['Kopfschmerzen'], fever: [] });
