import { rowsOf } from './rows.ts';

const sleep = rowsOf('sleep');
const mind = rowsOf('mind');
const reproductive = rowsOf('reproductive');
const hygiene = rowsOf('hygiene');
const other = rowsOf('other');

export const DAILY_LIFE = [
  sleep.own('sleep_analysis', 'Sleep Analysis', 'hr'),
  mind.sum('mindful_minutes', 'Mindful Minutes', 'min', 'mindfulness', 'mindful_session'),
  reproductive.own('sexual_activity', 'Sexual Activity', 'count'),
  hygiene.sum('handwashing', 'Handwashing', 's'),
  hygiene.sum('toothbrushing', 'Toothbrushing', 's'),
  other.sum('number_of_times_fallen', 'Number of Times Fallen', 'count', 'number_of_time_fallen'),
  other.average('blood_alcohol_content', 'Blood Alcohol Content', '%'),
  other.sum('alcohol_consumption', 'Alcohol Consumption', 'count', 'number_of_alcoholic_beverages'),
];
