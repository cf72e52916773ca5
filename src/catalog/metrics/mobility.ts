import { rowsOf } from './rows.ts';

const { average } = rowsOf('mobility');

export const MOBILITY = [
  average('walking_speed', 'Walking Speed', 'km/hr'),
  average('walking_step_length', 'Walking Step Length', 'cm'),
  average('walking_asymmetry_percentage', 'Walking Asymmetry Percentage', '%', 'walking_asymmetry'),
  average(
    'walking_double_support_percentage',
    'Walking Double Support Percentage',
    '%',
    'walking_double_support',
  ),
  average('stair_speed_up', 'Stair Speed: Up', 'm/s', 'stair_ascent_speed'),
  average('stair_speed_down', 'Stair Speed: Down', 'm/s', 'stair_descent_speed'),
  average('six_minute_walking_test_distance', 'Six-Minute Walking Test Distance', 'm'),
];
