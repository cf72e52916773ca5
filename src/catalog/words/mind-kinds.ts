import { vocabulary } from '../vocabulary.ts';

export const MIND_KINDS = vocabulary({ momentary_emotion: [], daily_mood: [] });
