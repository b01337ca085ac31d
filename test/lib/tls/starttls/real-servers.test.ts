import { once } from 'node:events';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireProgram } from '../../../support/services.ts';
import { fetchCertificate } from '../../../support/starttls/fetch-certificate.ts';
import { connected, outcome } from '../../../support/starttls/outcome.ts';
import {
  giveAway,
  startMariadb,
  startNginxMail,
  startPostgresServer,
  startSlapd,
  type Pair,
} from '../../../support/starttls/real-servers.ts';
import {
  makeTemporaryCertificate,
  type TemporaryCertificate,
} from '../../../support/starttls/temporary-certificate.ts';

const openssl = requireProgram('openssl', 'STARTTLS is not tried with real servers');
const nginx = requireProgram('nginx', 'STARTTLS of SMTP, IMAP and POP3 is not tried with nginx');
const mailModule =
  globSync('/usr/lib*/nginx/modules/ngx_mail_module.so')[0] ??
  requireProgram('ngx_mail_module.so', 'STARTTLS of SMTP, IMAP and POP3 is not tried with nginx');
const slapd = requireProgram('slapd', 'StartTLS is not tried with OpenLDAP');
// Debian keeps it out of PATH.
const postgresFolders = globSync('/usr/lib/postgresql/*/bin').join(':');
const postgres = requireProgram('postgres', 'SSLRequest is not tried with PostgreSQL', {
  ...process.env,
  PATH: `${postgresFolders}:${process.env['PATH']}`,
});
const mariadbd = requireProgram('mariadbd', 'the start of TLS is not tried with MariaDB');

let folder: string;
let certificate: TemporaryCertificate;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'devops-starttls-servers-test-'));
  giveAway(folder);
  if (openssl === undefined) return;
  certificate = await makeTemporaryCertificate(openssl, folder);
  giveAway(certificate.certificateFile);
  giveAway(certificate.keyFile);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf([openssl, nginx, mailModule].includes(undefined))('nginx', () => {
  const mailProtocols = ['smtp', 'imap', 'pop3'] as const;
  let servers: Awaited<ReturnType<typeof startNginxMail>>;

  beforeAll(async () => {
    servers = await startNginxMail(nginx!, mailModule!, folder, certificate);
  });
  afterAll(() => servers?.stop());

  test.each(mailProtocols)('shows its certificate after %s', async (protocol) => {
    expect(await fetchCertificate(protocol, servers.secure[protocol])).toBe(certificate.certificate);
  });

  test.each([
    ['smtp', /^the server does not offer STARTTLS: "5/],
    ['imap', /^the server does not offer STARTTLS: "b BAD/],
    ['pop3', /^the server refused STLS: "-ERR/],
  ] as const)('without starttls says so in %s', async (protocol, message) => {
    expect(await outcome(protocol, servers.plain[protocol])).toMatchObject({
      code: 'starttls-not-offered',
      message: expect.stringMatching(message),
    });
  });

  test('that is asked in the wrong protocol is recognised', async () => {
    expect(await outcome('smtp', servers.secure.pop3)).toMatchObject({
      message: 'the server speaks what looks like POP3, not SMTP',
    });
    expect(await outcome('pop3', servers.secure.smtp)).toMatchObject({
      message: 'the server speaks what looks like SMTP, not POP3',
    });
  });
});

describe.skipIf(openssl === undefined || slapd === undefined)('OpenLDAP', () => {
  let servers: Pair;

  beforeAll(async () => {
    servers = await startSlapd(slapd!, folder, certificate);
  });
  afterAll(() => servers?.stop());

  test('shows its certificate after StartTLS', async () => {
    expect(await fetchCertificate('ldap', servers.secure)).toBe(certificate.certificate);
  });

  test('without a certificate says that it cannot', async () => {
    expect(await outcome('ldap', servers.plain)).toMatchObject({
      code: 'starttls-not-offered',
      message: 'the server refused StartTLS: "protocolError (2) unsupported extended operation"',
    });
  });
});

describe.skipIf(openssl === undefined || postgres === undefined)('PostgreSQL', () => {
  let servers: Pair;

  beforeAll(async () => {
    servers = await startPostgresServer(postgres!, folder, certificate);
  });
  afterAll(() => servers?.stop());

  test('shows its certificate after SSLRequest', async () => {
    expect(await fetchCertificate('postgres', servers.secure)).toBe(certificate.certificate);
  });

  test('with ssl = off says that it does not offer TLS', async () => {
    expect(await outcome('postgres', servers.plain)).toMatchObject({
      code: 'starttls-not-offered',
      message: 'the server does not offer TLS, it answered "N" to SSLRequest',
    });
  });
});

describe.skipIf(openssl === undefined || mariadbd === undefined)('MariaDB', () => {
  let servers: Pair;

  beforeAll(async () => {
    servers = await startMariadb(mariadbd!, folder, certificate);
  });
  afterAll(() => servers?.stop());

  test('shows its certificate after the handshake', async () => {
    expect(await fetchCertificate('mysql', servers.secure)).toBe(certificate.certificate);
  });

  test('without a certificate does not offer TLS', async () => {
    expect(await outcome('mysql', servers.plain)).toMatchObject({
      code: 'starttls-not-offered',
      message: expect.stringMatching(/^the server does not offer TLS, its version is ".*MariaDB.*"$/),
    });
  });

  test('with too many clients says so', async () => {
    // An eleventh is let in for an administrator.
    for (let client = 0; client < 11; client += 1) await once(await connected(servers.secure), 'data');
    expect(await outcome('mysql', servers.secure)).toMatchObject({
      code: 'starttls-not-offered',
      message: 'the server refused the connection: "1040 Too many connections"',
    });
  });
});
