/** What one upload may ask of us at most. Each limit is said, with its name and number, in the answer to what exceeds it. */

/** A table is held as text while it is read. */
export const MAX_TABLE_BYTES = 2 * 1024 * 1024;
/** As they stand in the file: a row costs its own length. A year of hours has 8,760 × 110 of them. */
export const MAX_TABLE_CELLS = 1_000_000;
export const MAX_TABLE_COLUMNS = 2_000;
export const MAX_CELL_CHARACTERS = 1_000;
/** The longest header of the app has some 60. */
export const MAX_HEADER_CHARACTERS = 200;
/** As file systems have it. */
export const MAX_FILE_NAME_CHARACTERS = 255;
/** Of one archive or form: ten years of workouts, with all their parts, are some 8,000. */
export const MAX_FILES = 10_000;
