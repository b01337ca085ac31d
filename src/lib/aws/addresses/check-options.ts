import { UserError } from '../../errors/user-error.ts';

/** Options of the command, as far as some of them only go with others. */
interface AddressOptions {
  long?: true | undefined;
  null?: true | undefined;
  template?: unknown;
  waitMin?: number | undefined;
  waitTimeout?: number | undefined;
  write?: string | undefined;
  onChange?: string | undefined;
}

/** Throws a UserError (usage) for options that would have no effect, and for two that say different things. */
export function checkOptions(options: AddressOptions): void {
  const { long, template, waitMin, waitTimeout, write, onChange } = options;
  const mistake =
    long === true && (template !== undefined || options.null === true)
      ? `--long and ${template === undefined ? '-0' : '--template'} are two forms of the same answer`
      : waitTimeout !== undefined && waitMin === undefined
        ? '--wait-timeout has nothing to wait for without --wait-min'
        : onChange !== undefined && write === undefined
          ? '--on-change has no file that could change without --write'
          : undefined;
  if (mistake !== undefined) throw new UserError(mistake, { code: 'usage' });
}
