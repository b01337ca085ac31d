import { element, text, type Element } from '../xml/element.ts';

/** Addresses of one network interface, in the order in which they were told. */
interface Interface {
  device: number;
  privateIps: string[];
  publicIps: string[];
  primaryIpv6: string[];
  ipv6: string[];
}

/** The addresses of all network interfaces of one instance; the first interface is the one with device index 0. */
export interface Addresses {
  privateIps: readonly string[];
  publicIps: readonly string[];
  ipv6Addresses: readonly string[];
}

/**
 * networkInterfaceSet of an instance, which is told in no particular order. An address may be told several times: by the
 * interface, in its list of addresses and by the instance. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterface.html
 */
export function interfaceElements(): { networkInterfaceSet: Element; forget(): void; addresses(): Addresses } {
  let all: Interface[] = [];
  let now = emptyInterface();
  let ipv6 = '';
  let isPrimary = false;
  const privateIp = text((value) => now.privateIps.push(value));
  const association = element({ publicIp: text((value) => now.publicIps.push(value)) });
  const item = element(
    {
      attachment: element({ deviceIndex: text((value) => (now.device = Number(value) || 0)) }),
      privateIpAddress: privateIp,
      association,
      privateIpAddressesSet: element({ item: element({ privateIpAddress: privateIp, association }) }),
      ipv6AddressesSet: element({
        item: element(
          {
            ipv6Address: text((value) => (ipv6 = value)),
            isPrimaryIpv6: text((value) => (isPrimary = value === 'true')),
          },
          {
            enter() {
              ipv6 = '';
              isPrimary = false;
            },
            leave: () => (isPrimary ? now.primaryIpv6 : now.ipv6).push(ipv6),
          },
        ),
      }),
    },
    {
      enter: () => (now = emptyInterface()),
      leave: () => all.push(now),
    },
  );
  return {
    networkInterfaceSet: element({ item }),
    forget: () => (all = []),
    addresses() {
      if (all.length > 1) all.sort((one, other) => one.device - other.device);
      const [only] = all;
      if (only === undefined) return noAddresses;
      if (all.length === 1) return told(only);
      return {
        privateIps: all.flatMap((each) => each.privateIps),
        publicIps: all.flatMap((each) => each.publicIps),
        ipv6Addresses: all.flatMap((each) => told(each).ipv6Addresses),
      };
    },
  };
}

const noAddresses: Addresses = { privateIps: [], publicIps: [], ipv6Addresses: [] };

function told({ privateIps, publicIps, primaryIpv6, ipv6 }: Interface): Addresses {
  return { privateIps, publicIps, ipv6Addresses: primaryIpv6.length === 0 ? ipv6 : [...primaryIpv6, ...ipv6] };
}

/** An interface that does not tell its index comes after those that do. */
function emptyInterface(): Interface {
  return { device: 1000, privateIps: [], publicIps: [], primaryIpv6: [], ipv6: [] };
}
