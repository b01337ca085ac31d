import { UserError } from '../errors/user-error.ts';

/** A reader of whole numbers between two bounds, both allowed. It throws a UserError (usage) for anything else. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    if (most < Number.MAX_SAFE_INTEGER) {
      throw new UserError(`'${text}' is not a number from ${least} to ${most}`, { code: 'usage' });
    }
    throw new UserError(`'${text}' is not a whole number${least === 0 ? '' : ` of ${least} or more`}`, {
      code: 'usage',
      hints: [`use ${least}, ${least + 1}, ${least + 2} ...`],
    });
  };
}
