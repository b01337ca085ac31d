import { defineConfig } from 'rolldown';
import { minifySync } from 'rolldown/utils';

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

/** Packages are minified, since every byte is read at the start; our own code stays as it is, for its stack traces. */
const smallPackages = {
  name: 'small-packages',
  renderChunk(code: string, chunk: { fileName: string; moduleIds: readonly string[] }) {
    const isPackage = chunk.moduleIds.every((id) => id.includes('/node_modules/') || id.startsWith('\0'));
    return isPackage ? minifySync(chunk.fileName, code).code : null;
  },
};

/**
 * Finding and compiling a file costs a third of a millisecond, so what every command needs is one chunk: the frame,
 * commander, the small renderers and the small commands.
 */
const groups = [
  {
    name: 'frame',
    test: /rolldown.runtime|src\/(main|run-line|read-config|help|completion|commands\/completion|output\/(text|json|jsonl)|terminal\/wrap|lib\/(quantity\/(size|duration)|time\/pause|text\/quoted))\.ts$/,
    priority: 1,
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
];

/**
 * Finding, reading and compiling a file costs half a millisecond at every start, so what rolldown keeps in three (the
 * entry, the frame behind it and its own runtime) becomes one. Non-ASCII characters are escaped: with a single one V8
 * keeps the whole file in two bytes a character.
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
        .replaceAll(`"./${frame.fileName}"`, '"./main.js"')
        .replace(/[^\0-\x7F]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
    }
    delete bundle[frame.fileName];
    delete bundle[runtime.fileName];
  },
};

export default defineConfig({
  input: { main: 'src/main.ts' },
  platform: 'node',
  plugins: [lateBuiltins, commonJsFolder, smallPackages, oneFrame],
  resolve: { mainFields: ['module', 'main'] },
  transform: { target: 'node22.18' },
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
});
