import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../node_modules');

/** What the SDK takes from modules that are left out, by their names. */
type LeftOut = Readonly<Record<string, readonly string[]>>;

/** Loaded by the SDK for what is never asked of it here. */
const unreachable: LeftOut = {
  // src/lib/aws hands its own role assumers to every provider.
  '@aws-sdk/nested-clients/sts': ['getDefaultRoleAssumer', 'getDefaultRoleAssumerWithWebIdentity'],
  // No operation of the three services streams events.
  '@smithy/core/event-streams': ['EventStreamSerde', 'eventStreamSerdeProvider'],
};

/** Where keys always come with the environment, as in a Lambda function: nobody logs in there, nor has a profile. */
export const withoutLogins: LeftOut = {
  ...unreachable,
  '@aws-sdk/credential-provider-ini': ['fromIni'],
  '@aws-sdk/credential-provider-process': ['fromProcess'],
  '@aws-sdk/credential-provider-sso': ['fromSSO'],
  '@smithy/credential-provider-imds': ['fromContainerMetadata', 'fromInstanceMetadata'],
};

/**
 * The SDK in a bundle that holds no more of it than is used; `folder` is where the code is that uses it. A bundler must
 * drop the computed keys of unused schemas as well, as rolldown does: else client-ec2 alone has half a megabyte.
 * https://github.com/aws/aws-sdk-js-v3/issues/7607
 */
export function awsSdk(folder: string, leftOut: LeftOut = unreachable) {
  return {
    name: 'aws-sdk',
    resolveId(source: string, _: string | undefined, { kind }: { kind: string }) {
      if (kind === 'dynamic-import' && /^@aws-sdk\/client-[\w-]+$/.test(source)) return `\0aws-used:${source}`;
      return source in leftOut && kind === 'dynamic-import' ? `\0aws-missing:${source}` : null;
    },
    load(id: string) {
      if (id.startsWith('\0aws-used:')) return usedExports(id.slice('\0aws-used:'.length), folder);
      const missing = /^\0aws-missing:(.*)$/.exec(id)?.[1];
      return missing === undefined ? null : missingExports(missing, leftOut[missing] ?? []);
    },
    transform: (code: string, id: string) => (new RegExp(ofSdk).test(id) ? withLateBuiltins(code) : null),
  };
}

/**
 * Builtins of Node are loaded late and alone. `import('node:http')` asks for all that it exports, WebSocket among it, and
 * so for undici and HTTP/2: 25 ms of CPU. The globals ReadableStream, Blob and crypto are loaded when they are looked at,
 * and no body here is a stream of the web.
 */
function withLateBuiltins(code: string): string {
  return (
    code
      .replaceAll(/\bimport\("(node:[\w/]+)"\)/g, 'process.getBuiltinModule("$1")')
      // Asked so, whether something is an agent does not need node:https.
      .replace('httpsAgent instanceof node_https.Agent || typeof httpsAgent?.destroy', 'typeof httpsAgent?.destroy')
      .replace(
        'import node_https from "node:https";',
        'const node_https = new Proxy({}, { get: (_, name) => process.getBuiltinModule("node:https")[name] });',
      )
      .replaceAll(/\btypeof (?:ReadableStream|Blob)\b/g, '"undefined"')
      .replaceAll(/\btypeof crypto\b/g, '"undefined"')
      .replace(
        'import { getRandomValues } from "node:crypto"',
        'import { randomFillSync as getRandomValues } from "node:crypto"',
      )
      .replaceAll(
        /^import \{ (\w+)(?: as (\w+))? \} from "node:fs\/promises";$/gm,
        (_, name: string, own = name) =>
          `const ${own} = (...given) => process.getBuiltinModule("node:fs/promises").${name}(...given);`,
      )
  );
}

/**
 * `await import('@aws-sdk/client-ec2')` beside another promise asks for all of its 800 commands. It gets those whose
 * names stand in the same file.
 */
function usedExports(client: string, folder: string): string {
  const names = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const code = readFileSync(join(folder, file), 'utf8');
    if (!code.includes(`import('${client}')`)) continue;
    for (const [name] of code.matchAll(/\b[A-Z]\w+(?:Command|Client)\b/g)) {
      const place = name.endsWith('Command') ? 'dist-es/commands' : 'dist-es';
      if (existsSync(join(packages, client, place, `${name}.js`))) names.add(name);
    }
  }
  return `export { ${[...names].toSorted().join(', ')} } from '${client}';`;
}

function missingExports(source: string, exported: readonly string[]): string {
  const names = exported.map((name) => `missing as ${name}`);
  return `function missing() { throw new Error('this build is without ${source}'); }\nexport { ${names.join(', ')} };`;
}

const ofSdk = '/node_modules/(?:@aws-sdk|@smithy)/';

/**
 * What a describe loads is two files, the core and its own client; every file costs a third of a millisecond. What is
 * about logins only stays in files of its own.
 */
export const awsGroups = [
  {
    name: 'aws-core',
    test: new RegExp(
      `${ofSdk}(?:core/dist-es/(?:legacy-root-exports|submodules/(?:client|config|endpoints|retry|schema|transport|checksum|httpAuthSchemes|protocols/(?:query|xml|protocol-http|middleware-content-length)))|node-http-handler|signature-v4/|credential-provider-(?:node|env)|xml-builder)`,
    ),
    priority: 3,
  },
  { name: 'aws-ec2', test: new RegExp(`${ofSdk}client-ec2/`), priority: 2 },
  { name: 'aws-auto-scaling', test: new RegExp(`${ofSdk}client-auto-scaling/`), priority: 2 },
  { name: 'aws-sts', test: new RegExp(`${ofSdk}client-sts/`), priority: 2 },
  {
    name: 'aws-options',
    test: /src\/(?:aws-options|lib\/aws\/(?:failure\/target-error|addresses\/group-selection))\.ts$/,
    priority: 2,
  },
  // Without the SDK, and what makes its clients.
  {
    name: 'aws-read',
    test: /src\/lib\/aws\/(?:open-targets|failure\/call-failure|describe-(?:groups|instances))\.ts$/,
    priority: 1,
  },
  { name: 'aws-clients', test: /src\/lib\/aws\/session\/client-(?:config|answer|ec2|auto-scaling)\.ts$/ },
];
