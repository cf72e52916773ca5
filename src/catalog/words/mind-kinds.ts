import { vocabulary } from '../vocabulary.ts';

/** Kinds of states of mind: the slugs of the wire, the words of the documentation. */
export const MIND_KINDS = vocabulary({
  momentary_emotion: ['momentaryEmotion', 'emotion'],
  daily_mood: ['dailyMood', 'mood'],
});
