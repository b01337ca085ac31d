import { ApiError } from './api-error.ts';
import { interfacesOf, iso, privateDnsName, publicDnsName, stateCodes, type SeenInstance } from './instance-facts.ts';
import type { Parameters } from './query.ts';

export type Matches = (instance: SeenInstance) => boolean;

type Values = (instance: SeenInstance, region: string) => readonly (string | undefined)[];

/** Filters of DescribeInstances, as far as the twin has what they look at. */
const filters: Record<string, Values> = {
  'instance-id': (one) => [one.id],
  'instance-state-name': (one) => [one.state],
  'instance-state-code': (one) => [String(stateCodes[one.state])],
  'instance-type': (one) => [one.type],
  'availability-zone': (one) => [one.zone],
  'owner-id': (one) => [one.account],
  'reservation-id': (one) => [one.reservation],
  'instance-lifecycle': (one) => [one.lifecycle],
  'spot-instance-request-id': (one) => [one.spotRequest?.id],
  'root-device-type': (one) => [one.rootDeviceType],
  'hibernation-options.configured': (one) => [String(one.hibernationConfigured)],
  'launch-time': (one) => [iso(one.launchedAt)],
  'private-ip-address': (one) => [one.privateIp],
  'ip-address': (one) => [one.elasticIp ?? one.publicIp],
  'private-dns-name': (one, region) => [privateDnsName(one, region)],
  'dns-name': (one, region) => [publicDnsName(one, region)],
  'network-interface.addresses.private-ip-address': (one) => interfacesOf(one).flatMap(({ privateIps }) => privateIps),
  'network-interface.ipv6-addresses.ipv6-address': (one) => interfacesOf(one).flatMap(({ ipv6 }) => ipv6 ?? []),
  'tag-key': (one) => [...one.tags.keys()],
  'tag-value': (one) => [...one.tags.values()],
};

/** Reads `Filter.n.Name` and `Filter.n.Value.m`: conditions joined by and, values by or, with * and ?. */
export function readFilters(input: Parameters, region: string): Matches {
  const conditions = input.structures('Filter').map((filter): Matches => {
    const name = filter.required('Name');
    const texts = filter.texts('Value');
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html: at most 200 values.
    if (texts.length > 200) {
      throw new ApiError(
        'FilterLimitExceeded',
        'The maximum number of filter values specified on a single call is 200',
      );
    }
    const values = valuesOf(name);
    // Most values are ids and names without wildcards, of which a question may have many.
    const plain = new Set(texts.filter((text) => !hasWildcard(text)));
    const patterns = texts.filter(hasWildcard).map(wildcard);
    const fits = (value: string) => plain.has(value) || patterns.some((match) => match(value));
    return (one) => values(one, region).some((value) => value !== undefined && fits(value));
  });
  return (one) => conditions.every((matches) => matches(one));
}

function valuesOf(name: string): Values {
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return (one) => [one.tags.get(key)];
  }
  const values = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (values === undefined) throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return values;
}

const hasWildcard = (text: string) => /[*?\\]/.test(text);

/** `*` is any text, `?` any letter, a backslash takes the next letter as it is; case counts. */
export function wildcard(pattern: string): (value: string) => boolean {
  if (!hasWildcard(pattern)) return (value) => value === pattern;
  const literally = (text: string) => text.replaceAll(/[\^$.*+?()[\]{}|/\\]/g, '\\$&');
  const source = pattern.replaceAll(/\\(.)|[*?]|[^*?\\]+|\\$/gs, (found, letter: string | undefined) => {
    if (letter !== undefined) return literally(letter);
    return { '*': '.*', '?': '.' }[found] ?? literally(found);
  });
  const expression = new RegExp(`^${source}$`, 'su');
  return (value) => expression.test(value);
}
