import { type Finding, type FindingCode, findingSeverities } from '../certificate-check.ts';

/** A finding with the severity that its code always has. */
export function finding(
  code: FindingCode,
  message: string,
  options: { index?: number | undefined; hint?: string | undefined } = {},
): Finding {
  const { index, hint } = options;
  return {
    code,
    severity: findingSeverities[code],
    ...(index === undefined ? {} : { index }),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}
