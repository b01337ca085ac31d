/**
 * A name below a directory: `logs` or `logs/` and `app.log` are `logs/app.log`. Nothing else of what was typed changes.
 */
export function below(directory: string, name: string): string {
  return directory === '' || directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/**
 * The absolute path of what was typed. `..` is left to the system, which follows symbolic links before it goes up,
 * where path.resolve does not.
 */
export function absolute(cwd: string, word: string): string {
  return word.startsWith('/') ? word : below(cwd, word);
}
