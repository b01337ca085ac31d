import type { InstanceRow } from '../instance-row.ts';
import { element, text } from '../xml/element.ts';
import { XmlMistake } from '../xml/xml-mistake.ts';
import { emptyDraft, instanceRow, type InstanceDraft } from './instance-draft.ts';
import { interfaceElements } from './interface-elements.ts';
import { createIntern } from './intern.ts';
import { largestItem, mostRows } from './limits.ts';
import type { PageReader } from './page.ts';
import { refusalElements } from './refusal-elements.ts';
import { tagElements, type WantedTags } from './tag-elements.ts';

/**
 * Reads one answer of DescribeInstances (API version 2016-11-15): reservationSet/item/instancesSet/item. A reservation
 * has one or several instances, and tells their account once.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
 */
export function instancePageReader(wanted: WantedTags, intern = createIntern()): PageReader<InstanceRow> {
  let rows: InstanceRow[] = [];
  const refused = refusalElements();
  const interfaces = interfaceElements();
  const { list, forget, tags } = tagElements({ entry: 'item', key: 'key', value: 'value' }, wanted, intern);
  let nextToken = '';
  let account = '';
  let firstOfReservation = 0;
  let draft: InstanceDraft = emptyDraft();

  const instance = element(
    {
      instanceId: text((value) => (draft.id = value)),
      instanceState: element({ name: text((value) => (draft.state = intern(value))) }),
      stateReason: element({
        code: text((value) => (draft.reasonCode = value)),
        message: text((value) => (draft.reasonMessage = value)),
      }),
      reason: text((value) => (draft.transitionReason = value)),
      instanceType: text((value) => (draft.type = intern(value))),
      placement: element({ availabilityZone: text((value) => (draft.zone = intern(value))) }),
      launchTime: text((value) => (draft.launchTime = value)),
      privateIpAddress: text((value) => (draft.privateIp = value)),
      ipAddress: text((value) => (draft.publicIp = value)),
      ipv6Address: text((value) => (draft.ipv6 = value)),
      privateDnsName: text((value) => (draft.privateDnsName = value)),
      dnsName: text((value) => (draft.publicDnsName = value)),
      instanceLifecycle: text((value) => (draft.lifecycle = intern(value))),
      spotInstanceRequestId: text((value) => (draft.spotRequestId = value)),
      rootDeviceType: text((value) => (draft.rootDeviceType = value)),
      hibernationOptions: element({ configured: text((value) => (draft.hibernation = value)) }),
      networkInterfaceSet: interfaces.networkInterfaceSet,
      ...(wanted === 'none' ? {} : { tagSet: list }),
    },
    {
      limit: largestItem,
      enter() {
        draft = emptyDraft();
        interfaces.forget();
        forget();
      },
      leave() {
        if (rows.length === mostRows) throw new XmlMistake('too-large', `has more than ${mostRows} instances`);
        rows.push(instanceRow(draft, interfaces.addresses(), tags(), account));
      },
    },
  );
  const reservation = element(
    { ownerId: text((value) => (account = intern(value))), instancesSet: element({ item: instance }) },
    {
      enter() {
        account = '';
        firstOfReservation = rows.length;
      },
      leave() {
        // Should the account come after the instances for once.
        for (const row of rows.slice(firstOfReservation)) row.account = account;
      },
    },
  );
  const root = element({
    reservationSet: element({ item: reservation }),
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
