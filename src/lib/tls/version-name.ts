/** `TLS 1.3` for the `TLSv1.3` of OpenSSL, and `TLS 1.0` for its `TLSv1`. */
export function versionName(version: string): string {
  const name = version.replace('v', ' ');
  return name.includes('.') ? name : `${name}.0`;
}
