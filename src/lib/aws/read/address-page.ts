import type { AddressRow, InstanceState } from '../instance-row.ts';
import { element, text } from '../xml/element.ts';
import { XmlMistake } from '../xml/xml-mistake.ts';
import { interfaceElements } from './interface-elements.ts';
import { createIntern } from './intern.ts';
import { largestItem, mostRows } from './limits.ts';
import type { PageReader } from './page.ts';
import { refusalElements } from './refusal-elements.ts';

/**
 * Reads of an answer of DescribeInstances only what an AddressRow has: the other nine tenths are passed over, the network
 * interfaces as well where the instance itself has told an IPv4 address before them.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
 */
export function addressPageReader(intern = createIntern()): PageReader<AddressRow> {
  let rows: AddressRow[] = [];
  const refused = refusalElements();
  const interfaces = interfaceElements();
  let nextToken = '';
  let id = '';
  let state = '';
  let privateIp = '';
  let publicIp = '';
  let ipv6 = '';
  const hasIpv4 = (): boolean => privateIp !== '' || publicIp !== '';

  const instance = element(
    {
      instanceId: text((value) => (id = value)),
      instanceState: element({ name: text((value) => (state = intern(value))) }),
      privateIpAddress: text((value) => (privateIp = value)),
      ipAddress: text((value) => (publicIp = value)),
      ipv6Address: text((value) => (ipv6 = value)),
      networkInterfaceSet: element(interfaces.networkInterfaceSet.children, { isUseless: hasIpv4 }),
    },
    {
      limit: largestItem,
      enter() {
        id = state = privateIp = publicIp = ipv6 = '';
        interfaces.forget();
      },
      leave() {
        if (rows.length === mostRows) throw new XmlMistake('too-large', `has more than ${mostRows} instances`);
        if (id === '') throw new XmlMistake('broken', 'has an instance without an id');
        if (state === '') throw new XmlMistake('broken', `tells no state of ${id}`);
        rows.push({
          id,
          state: state as InstanceState,
          privateIp: privateIp === '' ? undefined : privateIp,
          publicIp: publicIp === '' ? undefined : publicIp,
          // The same wherever the chunks of the answer were cut, although the interfaces may have been read.
          ipv6: hasIpv4() ? undefined : [...interfaces.addresses().ipv6Addresses, ipv6].find((one) => one !== ''),
        });
      },
    },
  );
  const root = element({
    reservationSet: element({ item: element({ instancesSet: element({ item: instance }) }) }),
    nextToken: text((value) => (nextToken = value)),
    Errors: refused.errors,
  });
  return {
    document: element({ DescribeInstancesResponse: root, ...refused.roots }),
    begin() {
      rows = [];
      nextToken = '';
      refused.begin();
    },
    refusal: refused.refusal,
    page: () => (nextToken === '' ? { rows } : { rows, nextToken }),
  };
}
