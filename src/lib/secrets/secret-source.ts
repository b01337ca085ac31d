/**
 * Where a secret is, in the place of the secret itself: a variable of the environment, a file that nobody else may read,
 * or a credential that systemd hands to the unit (LoadCredential= of systemd.exec(5)).
 */
export type SecretSource = { env: string } | { file: string } | { credential: string };
