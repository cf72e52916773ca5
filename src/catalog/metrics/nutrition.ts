import { rowsOf } from './rows.ts';

const { sum } = rowsOf('nutrition');

/** Most nutrients come without a prefix, and from some versions of the app with one. */
const nutrient = (name: string, title: string, unit: string, ...aliases: string[]) =>
  sum(name, title, unit, `dietary_${name}`, ...aliases);

export const NUTRITION = [
  sum('dietary_energy', 'Dietary Energy', 'kcal', 'dietary_energy_consumed'),
  sum('dietary_water', 'Dietary Water', 'mL', 'water'),
  sum('dietary_sugar', 'Dietary Sugar', 'g', 'sugar'),
  sum('dietary_cholesterol', 'Dietary Cholesterol', 'mg', 'cholesterol'),
  sum('dietary_biotin', 'Dietary Biotin', 'mcg', 'biotin'),
  sum('dietary_caffeine', 'Dietary Caffeine', 'mg', 'caffeine'),
  nutrient('carbohydrates', 'Carbohydrates', 'g'),
  nutrient('protein', 'Protein', 'g'),
  nutrient('fiber', 'Fiber', 'g'),
  nutrient('total_fat', 'Total Fat', 'g'),
  nutrient('saturated_fat', 'Saturated Fat', 'g'),
  // The second alias is a typing error of the official server, which its users' tools have copied.
  nutrient('monounsaturated_fat', 'Monounsaturated Fat', 'g', 'monosaturated_fat'),
  nutrient('polyunsaturated_fat', 'Polyunsaturated Fat', 'g'),
  nutrient('calcium', 'Calcium', 'mg'),
  nutrient('chloride', 'Chloride', 'mg'),
  nutrient('copper', 'Copper', 'mg'),
  nutrient('iron', 'Iron', 'mg'),
  nutrient('magnesium', 'Magnesium', 'mg'),
  nutrient('manganese', 'Manganese', 'mg'),
  nutrient('niacin', 'Niacin', 'mg'),
  nutrient('pantothenic_acid', 'Pantothenic Acid', 'mg'),
  nutrient('phosphorus', 'Phosphorus', 'mg'),
  nutrient('potassium', 'Potassium', 'mg'),
  nutrient('riboflavin', 'Riboflavin', 'mg'),
  nutrient('sodium', 'Sodium', 'mg'),
  nutrient('thiamin', 'Thiamin', 'mg'),
  nutrient('zinc', 'Zinc', 'mg'),
  nutrient('chromium', 'Chromium', 'mcg'),
  nutrient('folate', 'Folate', 'mcg'),
  nutrient('iodine', 'Iodine', 'mcg'),
  nutrient('molybdenum', 'Molybdenum', 'mcg'),
  nutrient('selenium', 'Selenium', 'mcg'),
  nutrient('vitamin_a', 'Vitamin A', 'mcg'),
  nutrient('vitamin_b6', 'Vitamin B6', 'mg'),
  nutrient('vitamin_b12', 'Vitamin B12', 'mcg'),
  nutrient('vitamin_c', 'Vitamin C', 'mg'),
  nutrient('vitamin_d', 'Vitamin D', 'mcg'),
  nutrient('vitamin_e', 'Vitamin E', 'mg'),
  nutrient('vitamin_k', 'Vitamin K', 'mcg'),
];
