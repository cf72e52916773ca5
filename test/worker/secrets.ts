/** Of the Worker under test. */
export const TEST_PEPPER = 'a pepper that is good enough for tests';
export const TEST_REDIS_TOKEN = 'a-token-for-tests';
