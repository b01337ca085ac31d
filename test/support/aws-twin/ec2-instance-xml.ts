import { interfacesOf, iso, privateDnsName, publicDnsName, stateCodes, type SeenInstance } from './instance-facts.ts';
import { element, list, optional, type Content, type Markup } from './xml.ts';

const network = { vpcId: 'vpc-0a1b2c3d4e5f60718', subnetId: 'subnet-0a1b2c3d4e5f60718' };

/** One instance of DescribeInstances, with the elements and in the order of the real API. */
export function instanceXml(one: SeenInstance, region: string): Content {
  const alive = one.state !== 'terminated';
  const publicIp = one.elasticIp ?? one.publicIp;
  return [
    element('instanceId', one.id),
    element('imageId', 'ami-0c1d2e3f405162738'),
    stateXml('instanceState', one.state),
    element('privateDnsName', privateDnsName(one, region)),
    element('dnsName', publicDnsName(one, region)),
    element('reason', one.transitionReason),
    element('amiLaunchIndex', 0),
    element('productCodes'),
    element('instanceType', one.type),
    element('launchTime', iso(one.launchedAt)),
    element('placement', element('availabilityZone', one.zone), element('groupName'), element('tenancy', 'default')),
    element('monitoring', element('state', 'disabled')),
    alive ? [element('subnetId', network.subnetId), element('vpcId', network.vpcId)] : undefined,
    alive ? optional('privateIpAddress', one.privateIp) : undefined,
    optional('ipAddress', alive ? publicIp : undefined),
    element('sourceDestCheck', true),
    list(
      'groupSet',
      'item',
      alive ? [[element('groupId', 'sg-0a1b2c3d4e5f60718'), element('groupName', 'web & db')]] : [],
    ),
    one.stateReason === undefined
      ? undefined
      : element('stateReason', element('code', one.stateReason.code), element('message', one.stateReason.message)),
    element('architecture', 'x86_64'),
    element('rootDeviceType', one.rootDeviceType),
    element('rootDeviceName', '/dev/xvda'),
    list('blockDeviceMapping', 'item', one.rootDeviceType === 'ebs' && alive ? [volumeXml(one)] : []),
    optional('instanceLifecycle', one.lifecycle),
    optional('spotInstanceRequestId', one.spotRequest?.id),
    element('virtualizationType', 'hvm'),
    element('clientToken'),
    one.tags.size === 0
      ? undefined
      : list(
          'tagSet',
          'item',
          [...one.tags].map(([key, value]) => [element('key', key), element('value', value)]),
        ),
    element('hypervisor', 'xen'),
    list(
      'networkInterfaceSet',
      'item',
      interfacesOf(one).map((attached, index) => interfaceXml(one, attached, index, region)),
    ),
    element('ebsOptimized', false),
    element('enaSupport', true),
    element('cpuOptions', element('coreCount', 1), element('threadsPerCore', 2)),
    element('capacityReservationSpecification', element('capacityReservationPreference', 'open')),
    element('hibernationOptions', element('configured', one.hibernationConfigured)),
    element(
      'metadataOptions',
      element('state', 'applied'),
      element('httpTokens', 'required'),
      element('httpPutResponseHopLimit', 2),
      element('httpEndpoint', 'enabled'),
    ),
    element('enclaveOptions', element('enabled', false)),
  ];
}

export function stateXml(name: string, state: SeenInstance['state']): Markup {
  return element(name, element('code', stateCodes[state]), element('name', state));
}

function volumeXml(one: SeenInstance): Content {
  return [
    element('deviceName', '/dev/xvda'),
    element(
      'ebs',
      element('volumeId', one.id.replace(/^i-/, 'vol-')),
      element('status', 'attached'),
      element('attachTime', iso(one.launchedAt)),
      element('deleteOnTermination', true),
    ),
  ];
}

function interfaceXml(
  one: SeenInstance,
  attached: ReturnType<typeof interfacesOf>[number],
  index: number,
  region: string,
): Content {
  const association =
    attached.publicIp === undefined
      ? undefined
      : element(
          'association',
          element('publicIp', attached.publicIp),
          element('publicDnsName', `ec2-${attached.publicIp.replaceAll('.', '-')}.${region}.compute.amazonaws.com`),
          element('ipOwnerId', one.elasticIp === undefined ? 'amazon' : one.account),
        );
  return [
    element('networkInterfaceId', `${one.id.replace(/^i-/, 'eni-').slice(0, -1)}${index}`),
    element('subnetId', network.subnetId),
    element('vpcId', network.vpcId),
    element('description', ''),
    element('ownerId', one.account),
    element('status', 'in-use'),
    element('macAddress', '02:00:5e:00:53:01'),
    optional('privateIpAddress', attached.privateIps[0]),
    element('sourceDestCheck', true),
    list('groupSet', 'item', [[element('groupId', 'sg-0a1b2c3d4e5f60718'), element('groupName', 'web & db')]]),
    element(
      'attachment',
      element('attachmentId', one.id.replace(/^i-/, 'eni-attach-')),
      element('deviceIndex', index),
      element('status', 'attached'),
      element('attachTime', iso(one.launchedAt)),
      element('deleteOnTermination', true),
      element('networkCardIndex', 0),
    ),
    association,
    list(
      'privateIpAddressesSet',
      'item',
      attached.privateIps.map((address, position) => [
        element('privateIpAddress', address),
        element('primary', position === 0),
        position === 0 ? association : undefined,
      ]),
    ),
    list(
      'ipv6AddressesSet',
      'item',
      (attached.ipv6 ?? []).map((address) => [element('ipv6Address', address), element('isPrimaryIpv6', false)]),
    ),
    element('interfaceType', 'interface'),
  ];
}
