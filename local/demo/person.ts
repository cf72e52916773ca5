/** Who has the sample and the made-up days: nobody's data are mixed with them. */
export const DEMO_PERSON = 'demo@localhost';
