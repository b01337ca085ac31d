/** The Filesystem Hierarchy Standard has sendmail in the first; cron's PATH has neither. */
export const sendmailPlaces: readonly string[] = ['/usr/sbin/sendmail', '/usr/lib/sendmail'];
