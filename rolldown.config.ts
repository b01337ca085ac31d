import { defineConfig } from 'rolldown';
import { minifySync } from 'rolldown/utils';
import { awsGroups, awsSdk, withoutLogins } from './scripts/rolldown-aws.ts';

/**
 * commander imports builtins that our use of it never reaches, and an unused builtin costs milliseconds at every start:
 * these are loaded when first touched.
 */
const lateBuiltins = {
  name: 'late-builtins',
  resolveId(source: string, importer: string | undefined) {
    if (importer?.includes('/commander/') === true && /^node:(child_process|fs|path|process)$/.test(source)) {
      return `\0late:${source}`;
    }
    return null;
  },
  load(id: string) {
    if (!id.startsWith('\0late:')) return null;
    const builtin = id.slice('\0late:'.length);
    if (builtin === 'node:process') return 'export default globalThis.process;';
    return `export default new Proxy({}, { get: (_, key) => require(${JSON.stringify(builtin)})[key] });`;
  },
};

/** The package is ESM; its build is CommonJS, because that starts faster. */
const commonJsFolder = {
  name: 'commonjs-folder',
  generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): string }) {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
  },
};

/**
 * Packages are minified, since every byte is read at the start; our own code stays as it is, for its stack traces. This
 * comes last: what renderChunk returns is printed anew, with all its white space.
 */
const smallPackages = {
  name: 'small-packages',
  generateBundle(
    _: unknown,
    bundle: Record<string, { fileName: string; code?: string; moduleIds?: readonly string[] }>,
  ) {
    for (const chunk of Object.values(bundle)) {
      const { moduleIds = [] } = chunk;
      // The entry has no module of its own left: the frame is in it.
      const isPackage =
        moduleIds.length > 0 && moduleIds.every((id) => id.includes('/node_modules/') || id.startsWith('\0'));
      if (chunk.code === undefined || !isPackage) continue;
      // A file of CommonJS is a function of its own, so that its outermost names may be short as well.
      chunk.code = minifySync(chunk.fileName, chunk.code, { module: true, mangle: { toplevel: true } }).code;
    }
  },
};

/**
 * Finding and compiling a file costs a third of a millisecond, so what every command needs is one chunk: the frame,
 * commander, the small renderers and the small commands.
 */
const groups = [
  {
    name: 'frame',
    test: /rolldown.runtime|src\/(main|run-line|read-config|help|completion|commands\/completion|output\/(text|json|jsonl)|terminal\/wrap|lib\/(quantity\/(size|duration|whole-number)|time\/pause|text\/quoted))\.ts$/,
    priority: 9,
  },
  // Of a bare `devops run`; what others need as well is a chunk of its own, or they would load the group.
  {
    name: 'files',
    test: /src\/lib\/(files\/(system-failure|replace-file|follow-links|random-name)|state\/(directories|private-directory|versioned-file)|locks\/(claim|process-start|unusable)|shell\/(find-program|process-group|process-stat|cut-off|settles-within|monotonic-seconds)|secrets\/read-secret-file|spool\/(list-entries|spool-folder|waiting|entry-file|parse-content)|schedule\/cron\/hash-value)\.ts$/,
    priority: 8,
  },
  {
    name: 'run',
    test: /src\/(commands\/run|job-of-words|open-job-host|own-output|lib\/jobs\/(run-job|job-of-flags))\.ts$/,
    priority: 7,
  },
  { name: 'sysinfo', test: /src\/commands\/sysinfo\.ts$/ },
  {
    name: 'logs',
    test: /src\/(commands\/logs-grep|lib\/logs\/(query\/(open-query|start-query|grep-query|find-inputs|plan-ripgrep)|search\/(search-logs|grep-writer|search-log)|source\/open-chunks|inputs\/find-logs))\.ts$/,
  },
  {
    name: 'log-events',
    test: /src\/lib\/logs\/(search\/(search-events|event-tracker)|query\/log-times|request\/read-window)\.ts$/,
  },
  // A group takes with it all that it needs, and nobody else is to load the group for these.
  {
    name: 'shared',
    test: /src\/lib\/(text\/glob|concurrency\/in-parallel|results\/item-error|files\/read-bounded)\.ts$/,
    priority: 8,
  },
  {
    name: 'asg-ips',
    test: /src\/(commands\/asg-ips|lib\/aws\/addresses\/(asg-address|sorted-values|survey-addresses|group-selection))\.ts$/,
  },
  ...awsGroups,
];

/** The last of all: with a single character that is not ASCII V8 keeps the whole file in two bytes a character. */
const ascii = {
  name: 'ascii',
  generateBundle(_: unknown, bundle: Record<string, { code?: string }>) {
    for (const chunk of Object.values(bundle)) {
      chunk.code &&= chunk.code.replace(
        /[^\0-\x7F]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

/**
 * Finding, reading and compiling a file costs half a millisecond at every start, so what rolldown keeps in three (the
 * entry, the frame behind it and its own runtime) becomes one.
 */
const oneFrame = {
  name: 'one-frame',
  generateBundle(_: unknown, bundle: Record<string, { fileName: string; code?: string }>) {
    const named = (name: string) => Object.values(bundle).find(({ fileName }) => fileName.startsWith(name));
    const entry = named('main.js');
    const frame = named('frame-');
    const runtime = named('rolldown-runtime-');
    if (entry?.code === undefined || frame?.code === undefined || runtime?.code === undefined) {
      throw new Error('the build no longer has the three files that are joined here');
    }
    const inline = `const __runtime = ((exports) => {\n${runtime.code}\nreturn exports;\n})({});\nexports.__runtime = __runtime;\n`;
    entry.code = inline + frame.code.replaceAll(`require("./${runtime.fileName}")`, '__runtime');
    for (const chunk of Object.values(bundle)) {
      if (chunk.code === undefined) continue;
      chunk.code = chunk.code
        .replaceAll(`require("./${runtime.fileName}")`, 'require("./main.js").__runtime')
        .replaceAll(`"./${frame.fileName}"`, '"./main.js"');
    }
    delete bundle[frame.fileName];
    delete bundle[runtime.fileName];
  },
};

/** Of the function: whole modules that something smaller stands in for, by the end of their path. */
const lambdaParts: Readonly<Record<string, string>> = {
  // It has the commands of AWS only, and no devops.yaml.
  '/src/commands.ts': `export { lambdaCommands as commands } from './lambda-commands.ts';`,
  '/src/read-config.ts': `export { readConfig } from './lambda-config.ts';`,
  '/pino/pino.js': `export { pino } from '${import.meta.dirname}/src/lambda-log.ts';`,
};

const lambdaOnly = {
  name: 'lambda-only',
  load: (id: string) => Object.entries(lambdaParts).find(([end]) => id.endsWith(end))?.[1] ?? null,
};

/**
 * Joins the files of the function to one, each of them loaded at need as before. Left to do so itself rolldown would make
 * every module a function that is called late, and could tell no longer what of a module is unused (300 KB of client-ec2).
 */
const oneFile = {
  name: 'one-file',
  generateBundle(_: unknown, bundle: Record<string, { fileName: string; code?: string; isEntry?: boolean }>) {
    const chunks = Object.values(bundle);
    const entry = chunks.find(({ isEntry }) => isEntry === true)!;
    const nameOf = (fileName: string): string => JSON.stringify(`./${fileName.split('/').at(-1)}`);
    const files = chunks.map(({ fileName, code = '' }) => `${nameOf(fileName)}(exports,require){${code}\n}`);
    entry.code = [
      `const files={${files.join(',\n')}},loaded={};`,
      'const load=(name)=>{if(!Object.hasOwn(files,name))return require(name);',
      'if(!loaded[name])files[name](loaded[name]={},load);return loaded[name]};',
      `module.exports=load(${nameOf(entry.fileName)});\n`,
    ].join('\n');
    for (const { fileName } of chunks) if (fileName !== entry.fileName) delete bundle[fileName];
  },
};

const common = {
  platform: 'node' as const,
  resolve: { mainFields: ['module', 'main'] },
  transform: { target: 'node22.18' },
};

export default defineConfig([
  {
    ...common,
    input: { main: 'src/main.ts' },
    plugins: [awsSdk('src'), lateBuiltins, commonJsFolder, oneFrame, smallPackages, ascii],
    output: {
      dir: 'dist',
      format: 'cjs',
      cleanDir: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      externalLiveBindings: false,
      comments: false,
      codeSplitting: { groups },
    },
  },
  {
    // One file, which `devops lambda export` puts into a zip. Minified whole: the size of a function is start-up time.
    ...common,
    input: { 'lambda/index': 'src/lambda.ts' },
    plugins: [awsSdk('src', withoutLogins), lambdaOnly, lateBuiltins, oneFile, ascii],
    output: {
      dir: 'dist',
      format: 'cjs',
      entryFileNames: '[name].js',
      chunkFileNames: 'lambda/[name]-[hash].js',
      externalLiveBindings: false,
      minifyInternalExports: true,
      comments: false,
      codeSplitting: { groups: awsGroups },
      minify: true,
    },
  },
]);
