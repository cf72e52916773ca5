import { vocabulary } from '../vocabulary.ts';

export const SEVERITIES = vocabulary({ mild: ['Leicht'] });
