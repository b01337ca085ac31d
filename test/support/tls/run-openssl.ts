import { execa } from 'execa';

/** Standard output of one run of the openssl program. Rejects with what it printed when it fails. */
export async function runOpenssl(words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await execa('openssl', words, {
    stdin: 'ignore',
    reject: false,
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  if (exitCode !== 0) throw new Error(`openssl ${words.join(' ')} ended with ${String(exitCode)}:\n${stderr}`);
  return stdout;
}

/** `notBefore` and `notAfter` of a PEM file as the openssl program reads them, Unix time. */
export async function datesByOpenssl(path: string): Promise<{ notBefore: number; notAfter: number }> {
  const text = await runOpenssl(['x509', '-in', path, '-noout', '-startdate', '-enddate']);
  const seconds = (name: string) => {
    const date = new RegExp(`^${name}=(.+)$`, 'm').exec(text)?.[1];
    if (date === undefined) throw new Error(`openssl printed no ${name}:\n${text}`);
    return Date.parse(date) / 1000;
  };
  return { notBefore: seconds('notBefore'), notAfter: seconds('notAfter') };
}
