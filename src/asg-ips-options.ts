import { addTargetOptions, type TargetOptions } from './aws-options.ts';
import type { Spec } from './command.ts';
import { type AddressKind, addressKinds, parseAddressKind } from './lib/aws/addresses/address-kind.ts';
import {
  parseHealths,
  parseLifecycles,
  parseStates,
  parseZones,
  type WantedValues,
} from './lib/aws/addresses/member-conditions.ts';
import { parseTagCondition, type TagCondition } from './lib/aws/addresses/tag-condition.ts';
import { parseTemplate, type Template } from './lib/aws/addresses/template.ts';
import { UserError } from './lib/errors/user-error.ts';
import { parseDuration } from './lib/quantity/duration.ts';
import { wholeNumber } from './lib/quantity/whole-number.ts';

// The words of asg-ips.

export interface AsgIpsOptions extends TargetOptions {
  tag: readonly TagCondition[];
  ip: AddressKind;
  /** Undefined: InService. */
  lifecycle?: WantedValues | undefined;
  health?: WantedValues | undefined;
  /** Undefined: running. */
  state?: WantedValues | undefined;
  az?: WantedValues | undefined;
  min: number;
  waitMin?: number | undefined;
  waitTimeout?: number | undefined;
  long?: true | undefined;
  null?: true | undefined;
  template?: Template | undefined;
  port?: number | undefined;
  write?: string | undefined;
  onChange?: string | undefined;
}

const notEmpty = (text: string): string => {
  if (text !== '') return text;
  throw new UserError('the value is empty', { code: 'usage' });
};

/** Which addresses of which groups, and the form in which they are wanted. */
export function addAddressOptions(spec: Spec) {
  return addTargetOptions(spec)
    .argument('[names...]', "names of autoscaling groups, or globs such as 'web-*'")
    .option(
      '--tag <key=value>',
      'only groups with this tag; the value may be a glob, and KEY alone is any value; may be repeated',
      (text: string, before: readonly TagCondition[]) => [...before, parseTagCondition(text)],
      [] as readonly TagCondition[],
    )
    .option('--ip <kind>', `which addresses: ${addressKinds.join(', ')}`, parseAddressKind, 'any' as AddressKind)
    .option(
      '--lifecycle <states>',
      'states in the group, separated by commas, or all (default: InService)',
      parseLifecycles,
    )
    .option('--health <healths>', 'Healthy or Unhealthy (default: all)', parseHealths)
    .option('--state <states>', 'states of the instance, separated by commas, or all (default: running)', parseStates)
    .option('--az <zones>', 'only these availability zones, separated by commas', parseZones)
    .option('--min <count>', 'how many addresses there must be; 0 accepts none', wholeNumber(0), 1)
    .option('--wait-min <count>', 'wait until there are so many addresses', wholeNumber(1))
    .option('--wait-timeout <duration>', 'how long to wait for them (default: 5m)', parseDuration)
    .option('-l, --long', 'print a table with id, zone, states, health, type and age')
    .option('-0, --null', 'end each line with a NUL character, for xargs -0')
    .option('--template <template>', "print a line such as '{ip} {id} {az}' for each address", parseTemplate)
    .option('--port <port>', 'the port of the targets, for -o file_sd', wholeNumber(1, 65_535))
    .option('--write <file>', 'replace this file if the addresses have changed, and print nothing', notEmpty)
    .option('--on-change <command>', 'call this line of sh after the file was replaced', notEmpty);
}
