import { mask } from '../../log/redact.ts';

/**
 * What every token below begins with, as a quick look at a line. Case matters: `eyJ` is how a JSON object begins in
 * Base64.
 */
export const tokenBeginnings =
  /eyJ|AKIA|ASIA|gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|[rs]k_(?:live|test)_|whsec_|sk-|AIza|ya29\.|npm_|pypi-|SG\.|hvs\.|dop_v1_|AGE-SECRET|hooks\.slack/;

/**
 * How each of them begins. Every repetition is of a fixed length, and the rest is followed by hand: the engine would
 * remember each character of a long run and overflow its stack on one of some megabytes.
 */
const beginnings: readonly string[] = [
  // JSON Web Token, RFC 7519.
  String.raw`(?<![\w-])eyJ[\w-]{8}`,
  // Access keys of AWS, lasting and temporary.
  String.raw`(?<![A-Za-z0-9])A(?:KI|SI)A[A-Z0-9]{16}(?![A-Za-z0-9])`,
  // GitHub and GitLab.
  String.raw`(?<![A-Za-z0-9])gh[opsur]_[A-Za-z0-9]{20}`,
  String.raw`(?<![A-Za-z0-9])github_pat_\w{20}`,
  String.raw`(?<![A-Za-z0-9])glpat-[\w-]{16}`,
  // Slack: tokens, and web hooks, whose path is the secret.
  String.raw`(?<![A-Za-z0-9])(?:xox[abeoprs]|xapp)-[\w-]{8}`,
  String.raw`(?<=hooks\.slack\.com\/services\/)\w`,
  // Stripe; its publishable keys (pk_) are none.
  String.raw`(?<![A-Za-z0-9])(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{8}`,
  // Keys of models' makers.
  String.raw`(?<![\w-])sk-[\w-]{20}`,
  // Google: API key, OAuth access token.
  String.raw`(?<![\w-])AIza[\w-]{30}`,
  String.raw`(?<![\w-])ya29\.[\w-]{20}`,
  // Registries, SendGrid, Vault, DigitalOcean, age.
  String.raw`(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30}`,
  String.raw`(?<![\w-])pypi-[\w-]{30}`,
  String.raw`(?<![\w-])SG\.[\w-]{16}`,
  String.raw`(?<![\w-])hvs\.[\w-]{20}`,
  String.raw`(?<![A-Za-z0-9])dop_v1_[a-f0-9]{40}`,
  String.raw`AGE-SECRET-KEY-1[A-Z0-9]{20}`,
];

/** Of these a second part behind a dot is what makes them one. */
const dotted = /^(?:eyJ|SG)/;

/** A function that masks tokens which are known by their shape, whatever stands before them. Time is linear. */
export function createTokenRedactor(): (line: string) => string {
  // Ours alone, because they remember where they are.
  const beginning = new RegExp(beginnings.join('|'), 'g');
  const endOfWord = /[^\w-]/g;
  const endOfParts = /[^\w./-]/g;
  return (line) => {
    let result = '';
    let position = 0;
    beginning.lastIndex = 0;
    for (let found = beginning.exec(line); found !== null; found = beginning.exec(line)) {
      const inParts = dotted.test(found[0]);
      const end = inParts || found[0].length === 1 ? endOfParts : endOfWord;
      end.lastIndex = beginning.lastIndex;
      const to = end.exec(line)?.index ?? line.length;
      beginning.lastIndex = to;
      if (inParts && !/\.[\w-]{4}/.test(line.slice(found.index + 3, to))) continue;
      result += line.slice(position, found.index) + mask;
      position = to;
    }
    return position === 0 ? line : result + line.slice(position);
  };
}
