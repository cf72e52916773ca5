import { rowsOf } from './rows.ts';

const { sum, average, range, own } = rowsOf('heart');

export const HEART = [
  range('heart_rate', 'Heart Rate', 'count/min'),
  average('resting_heart_rate', 'Resting Heart Rate', 'count/min'),
  average(
    'walking_heart_rate_average',
    'Walking Heart Rate Average',
    'count/min',
    'walking_heart_rate',
  ),
  average('heart_rate_variability', 'Heart Rate Variability', 'ms', 'heart_rate_variability_sdnn'),
  average('heart_rate_variability_rmssd', 'Heart Rate Variability RMSSD', 'ms'),
  average('cardio_recovery', 'Cardio Recovery', 'count/min', 'heart_rate_recovery_one_minute'),
  average('atrial_fibrillation_burden', 'Atrial Fibrillation Burden', '%'),
  own('blood_pressure', 'Blood Pressure', 'mmHg'),
  own('high_heart_rate_notifications', 'High Heart Rate Notifications', 'count'),
  sum('low_heart_rate_notifications', 'Low Heart Rate Notifications', 'count'),
  sum('irregular_heart_rate_notifications', 'Irregular Heart Rate Notifications', 'count'),
];
