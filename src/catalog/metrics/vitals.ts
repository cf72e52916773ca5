import { rowsOf } from './rows.ts';

const { sum, average } = rowsOf('vitals');

export const VITALS = [
  average('respiratory_rate', 'Respiratory Rate', 'count/min'),
  average('blood_oxygen_saturation', 'Blood Oxygen Saturation', '%', 'oxygen_saturation'),
  average('body_temperature', 'Body Temperature', 'degC'),
  average('basal_body_temperature', 'Basal Body Temperature', 'degC'),
  average('blood_glucose', 'Blood Glucose', 'mmol/L'),
  sum('insulin_delivery', 'Insulin Delivery', 'IU'),
  average('peripheral_perfusion_index', 'Peripheral Perfusion Index', '%'),
  average('electrodermal_activity', 'Electrodermal Activity', 'S'),
];
