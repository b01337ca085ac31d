import { UserError } from '../../errors/user-error.ts';

/** Ids of accounts, 12 digits each, separated by commas. Throws a UserError (usage) for anything else. */
export function parseAccounts(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  for (const word of words) {
    if (/^\d{12}$/.test(word)) continue;
    throw new UserError(`'${word}' is not the id of an account`, {
      code: 'usage',
      hints: ['it has 12 digits: aws sts get-caller-identity --query Account tells yours'],
    });
  }
  return words;
}
