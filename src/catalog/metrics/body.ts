import { rowsOf } from './rows.ts';

const { average } = rowsOf('body');

export const BODY = [
  average('weight_body_mass', 'Weight & Body Mass', 'kg', 'body_mass', 'weight'),
  average('body_mass_index', 'Body Mass Index', 'count'),
  average('body_fat_percentage', 'Body Fat Percentage', '%'),
  average('lean_body_mass', 'Lean Body Mass', 'kg'),
  average('height', 'Height', 'm'),
  average('waist_circumference', 'Waist Circumference', 'cm'),
  average(
    'apple_sleeping_wrist_temperature',
    'Apple Sleeping Wrist Temperature',
    'degC',
    'wrist_temperature',
  ),
];
