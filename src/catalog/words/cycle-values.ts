import { vocabulary } from '../vocabulary.ts';

/** Values of cycle tracking, whatever they are of. */
export const CYCLE_VALUES = vocabulary({
  unspecified: ['Nicht angegeben', 'Sin especificar', 'Non spécifié'],
  none: ['Keine', 'Ninguno', 'Aucun'],
  light: ['Leicht', 'Ligero', 'Leve', 'Léger', 'Leggero'],
  medium: ['Mittel', 'Medio', 'Moyen', 'Médio'],
  heavy: ['Stark', 'Schwer', 'Pesado', 'Abundante', 'Abondant', 'Intenso'],
  positive: ['Positiv', 'Positivo', 'Positif'],
  negative: ['Negativ', 'Negativo', 'Négatif'],
  indeterminate: ['Unbestimmt', 'Indeterminado', 'Indéterminé'],
  luteinizing_hormone_surge: ['LH Surge'],
  estrogen_surge: [],
  dry: ['Trocken', 'Seco', 'Sec'],
  sticky: ['Klebrig', 'Pegajoso', 'Collant'],
  creamy: ['Cremig', 'Cremoso', 'Crémeux'],
  watery: ['Wässrig', 'Acuoso', 'Aqueux'],
  egg_white: ['Eiweiß', 'Clara de huevo', "Blanc d'œuf"],
  protection_used: ['Verhütung benutzt', 'Con protección'],
  protection_not_used: ['Verhütung nicht benutzt', 'Sin protección'],
  implant: ['Implantat', 'Implante'],
  injection: ['Injektion', 'Inyección'],
  intrauterine_device: ['IUD', 'DIU', 'Spirale'],
  intravaginal_ring: ['Vaginalring', 'Anillo vaginal'],
  oral: ['Pille', 'Oral contraceptive'],
  patch: ['Pflaster', 'Parche'],
});
