/** The release, as package.json names it; a test compares them. */
export const VERSION = '0.4.0';
