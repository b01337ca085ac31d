import type { AsgAddress } from '../lib/aws/addresses/asg-address.ts';

/** What no group of an inventory may be called: these are Ansible's own. */
const reserved = new Set(['all', 'ungrouped', '_meta']);
/** Ansible runs what stands in these marks as a template, when a variable is used. */
const templateMarks = /\{\{|\{%|\{#/;

/**
 * An inventory for `ansible -i FILE`, and `ansible-inventory -i FILE`: JSON as the yaml plugin reads it. A host is called
 * by its instance id, because two networks may use the same address; a group is called as the autoscaling group, with
 * `_` for what may not be in such a name.
 */
export function ansibleInventory(results: readonly AsgAddress[]): string {
  const groups = new Map<string, Map<string, Record<string, string>>>();
  for (const result of results) {
    const name = groupName(result.group);
    const hosts = groups.get(name) ?? new Map<string, Record<string, string>>();
    groups.set(name, hosts);
    // With --ip all the first address of several is the one that is connected to.
    if (!hosts.has(result.id)) hosts.set(result.id, hostVariables(result));
  }
  const children = Object.fromEntries([...groups].map(([name, hosts]) => [name, { hosts: Object.fromEntries(hosts) }]));
  return `${JSON.stringify({ all: { children } }, null, 2)}\n`;
}

/** https://docs.ansible.com/ansible/latest/network/getting_started/first_inventory.html: letters, digits and `_`. */
function groupName(asg: string): string {
  const name = asg.replaceAll(/[^A-Za-z0-9_]/g, '_');
  return /^\d/.test(name) || reserved.has(name) ? `asg_${name}` : name;
}

function hostVariables(result: AsgAddress): Record<string, string> {
  const variables: Record<string, string | undefined> = {
    ansible_host: result.ip,
    asg: result.group,
    region: result.region,
    az: result.az,
    account: result.account,
    instance_type: result.type,
    private_ip: result.private_ip,
    public_ip: result.public_ip,
    ipv6: result.ipv6,
    instance_name: result.name,
  };
  // Who may tag an instance must not be able to run something on the machine of whoever uses the inventory.
  const isHarmless = ([, value]: [string, string | undefined]) => value !== undefined && !templateMarks.test(value);
  return Object.fromEntries(Object.entries(variables).filter(isHarmless)) as Record<string, string>;
}
