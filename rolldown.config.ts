import { defineConfig } from 'rolldown';

/**
 * commander imports builtins that our use of it never reaches, and an unused builtin costs milliseconds at every start:
 * these are loaded when first touched.
 */
const lateBuiltins = {
  name: 'late-builtins',
  resolveId(source: string, importer: string | undefined) {
    if (importer?.includes('/commander/') === true && /^node:(child_process|process)$/.test(source)) {
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

export default defineConfig({
  input: { main: 'src/main.ts' },
  platform: 'node',
  plugins: [lateBuiltins],
  resolve: { mainFields: ['module', 'main'] },
  transform: { target: 'node22.18' },
  output: {
    dir: 'dist',
    format: 'cjs',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    externalLiveBindings: false,
  },
});
