import { vocabulary } from '../vocabulary.ts';

/** What cycle tracking records. */
export const CYCLE_EVENTS = vocabulary({
  menstrual_flow: [
    'Menstruation',
    'Flujo Menstrual',
    'Menstruationsblutung',
    'Flux menstruel',
    'Flusso mestruale',
    'Fluxo menstrual',
  ],
  cervical_mucus_quality: ['Zervixschleim', 'Calidad del moco cervical', 'Glaire cervicale'],
  ovulation_test_result: [
    'Ovulationstest',
    'Resultado de la prueba de ovulación',
    "Test d'ovulation",
  ],
  progesterone_test_result: ['Progesterontest', 'Resultado de la prueba de progesterona'],
  pregnancy_test_result: [
    'Schwangerschaftstest',
    'Resultado de la prueba de embarazo',
    'Test de grossesse',
  ],
  sexual_activity: [
    'Sexuelle Aktivität',
    'Actividad sexual',
    'Activité sexuelle',
    'Attività sessuale',
    'Atividade sexual',
  ],
  pregnancy: ['Schwangerschaft', 'Embarazo', 'Grossesse', 'Gravidanza', 'Gravidez'],
  lactation: ['Stillzeit', 'Lactancia', 'Allaitement'],
  contraceptive: ['Verhütungsmittel', 'Empfängnisverhütung', 'Anticonceptivos', 'Contraception'],
  infrequent_menstrual_cycle: ['Infrequent Periods', 'Seltene Menstruation'],
  irregular_menstrual_cycle: ['Irregular Periods', 'Unregelmäßige Menstruation'],
  intermenstrual_bleeding: ['Spotting', 'Schmierblutung', 'Sangrado intermenstrual'],
  persistent_menstrual_bleeding: ['Persistent Spotting'],
  prolonged_menstrual_period: ['Prolonged Periods', 'Verlängerte Menstruation'],
});
