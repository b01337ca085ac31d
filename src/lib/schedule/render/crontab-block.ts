import { UserError } from '../../errors/user-error.ts';
import { requireOneLine } from './shell-word.ts';

export const endLine = '# END devops';

const anyBegin = /^# BEGIN devops\b/;
const anyEnd = /^# END devops\b/;

/** Blocks of two devops.yaml live beside each other in one crontab. */
export function beginLine(config: string): string {
  requireOneLine(config);
  return `# BEGIN devops (config ${config})`;
}

/**
 * The crontab with `block` in the place of that of `config`, or at its end; '' takes the block out. Nothing outside of
 * the block changes, save that a last line without an end gets one. Throws UserError when the marks do not pair, or when
 * the block is there twice: what is between them may then be somebody's own.
 */
export function replaceBlock(crontab: string, config: string, block: string): string {
  const lines = crontab.split(/(?<=\n)/);
  const found = findBlock(lines, beginLine(config));
  if (found === undefined) {
    if (block === '') return crontab;
    return `${crontab}${crontab === '' || crontab.endsWith('\n') ? '' : '\n'}${block}`;
  }
  return [...lines.slice(0, found.from), block, ...lines.slice(found.to)].join('');
}

function findBlock(lines: readonly string[], begin: string): { from: number; to: number } | undefined {
  let found: { from: number; to: number } | undefined;
  let open: number | undefined;
  for (const [at, line] of lines.entries()) {
    const text = line.trimEnd();
    if (anyBegin.test(text)) {
      if (open !== undefined) throw broken(`line ${open + 1} begins a block of devops that has no end`);
      open = at;
    } else if (anyEnd.test(text)) {
      if (open === undefined) throw broken(`line ${at + 1} ends a block of devops that has no beginning`);
      if (lines[open]!.trimEnd() === begin) {
        if (found !== undefined)
          throw broken(`it has the block of this devops.yaml twice, the second in line ${open + 1}`);
        found = { from: open, to: at + 1 };
      }
      open = undefined;
    }
  }
  if (open !== undefined) throw broken(`line ${open + 1} begins a block of devops that has no end`);
  return found;
}

function broken(why: string): UserError {
  return new UserError(`the crontab was left as it is: ${why}`, {
    code: 'failed',
    hints: ['mend the marks with crontab -e: each `# BEGIN devops (config ...)` has its `# END devops`'],
  });
}
