/** Bytes of one instance or group. A large one of AWS, with 15 network interfaces and 50 tags, is below 100 KiB. */
export const largestItem = 4 * 1024 * 1024;

/** Bytes of one answer. A full page of AWS, 1,000 instances, is between 5 and 20 MB. */
export const largestAnswer = 256 * 1024 * 1024;

/** Rows of one answer; AWS gives at most 1,000, emulators that know no pages give all. */
export const mostRows = 100_000;

/** How long a body may be silent in its middle, in seconds. */
export const longestSilence = 30;
