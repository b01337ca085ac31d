import { element, text, type Element } from '../xml/element.ts';
import type { Refusal } from './page.ts';

/**
 * An error of EC2 (`Response/Errors/Error`) or of Auto Scaling (`ErrorResponse/Error`), for those that come with status
 * 200: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. The first one counts.
 */
export function refusalElements(): {
  roots: Record<string, Element>;
  errors: Element;
  begin(): void;
  refusal(): Refusal | undefined;
} {
  let found: Refusal | undefined;
  let current: Refusal = { code: '', message: '' };
  const words = element(
    {
      Code: text((value) => (current.code = value)),
      Message: text((value) => (current.message = value)),
    },
    {
      enter: () => (current = { code: '', message: '' }),
      leave: () => (found ??= current),
    },
  );
  const errors = element({ Error: words });
  return {
    roots: { Response: element({ Errors: errors }), ErrorResponse: element({ Error: words }) },
    errors,
    begin: () => (found = undefined),
    refusal: () => found,
  };
}
