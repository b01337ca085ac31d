import fc from 'fast-check';

// Arbitrary answers of EC2 and Auto Scaling, as text. What the SDK reads wrongly is left out here and has tests of its
// own: astral characters as one reference, and attributes of an element that has only text.

/** Layout that may stand between elements. */
const gap = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', '\n', '\n    ', '\r\n\t') },
  { weight: 1, arbitrary: fc.constantFrom('<!-- </item> -->', '<!---->', '<?layout <item> ?>') },
);

function joined(parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts)
    .chain((texts) => fc.tuple(gap, gap, fc.shuffledSubarray(texts, { minLength: texts.length })))
    .map(([first, between, texts]) => first + texts.join(between) + first);
}

function encode(character: string, way: number): string {
  const code = character.codePointAt(0) ?? 0;
  const named = { '<': '&lt;', '&': '&amp;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }[character];
  if (named !== undefined && way % 3 === 0) return named;
  if (way % 3 === 1 && code < 0xd800) return `&#${code};`;
  if (way % 3 === 2 && code < 0xd800)
    return `&#x${way % 2 === 0 ? code.toString(16) : code.toString(16).toUpperCase()};`;
  return named ?? character;
}

const character = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...Array.from('abcXYZ019-_:/. <>&"\'=')) },
  { weight: 1, arbitrary: fc.constantFrom('é', 'ß', '€', '日', '\u200d', '😀', '𝒳', '\n', '\t', '\r', '!', '?', ']') },
);

/** Text of an element, encoded in all ways, and now and then around comments and CDATA. */
const content = fc.oneof(
  fc
    .array(fc.tuple(character, fc.nat(11)), { maxLength: 12 })
    .map((all) => all.map(([one, way]) => (way > 5 && !'<&'.includes(one) ? one : encode(one, way))).join('')),
  fc.constantFrom(
    '',
    '&lt;instanceId&gt;i-0fake&lt;/instanceId&gt;',
    'a<!-- </tagSet> -->b',
    '<![CDATA[</item><instanceId>&lt;]]>',
    'x<![CDATA[]]]]>y',
    ' \n ',
    '&amp;lt;',
  ),
);

function wrapped(name: string, inside: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(inside, fc.nat(3)).map(([text, way]) => {
    if (text === '' && way < 2) return way === 0 ? `<${name}/>` : `<${name} />`;
    return way === 3 ? `<${name}>${text}</${name} >` : `<${name}>${text}</${name}>`;
  });
}

/** An element with elements in it; it may have attributes. */
function group(name: string, parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(joined(parts), fc.constantFrom('', ' x:a="1"', " x:b='</item>&gt;>'", '\n x:c = "a/b" '))
    .map(([inside, attributes]) =>
      inside === '' && attributes !== '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`,
    );
}

const leaf = (name: string, value: fc.Arbitrary<string> = content): fc.Arbitrary<string> => wrapped(name, value);
const maybe = (part: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(part, part, fc.constant(''));
const several = (part: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string>[] => [
  fc.tuple(gap, fc.array(part, { maxLength })).map(([between, all]) => all.join(between)),
];

/** What a later version of the API may add, full of names that mean something elsewhere. */
const unknown = fc.constantFrom(
  '',
  '<futureSet><item><instanceId>i-0other</instanceId><tagSet><item><key>k</key><value>v</value></item></tagSet></item></futureSet>',
  '<instancesSet2><item/></instancesSet2>',
  '<nested><nested><item><nested/></item></nested><launchTime>x</launchTime></nested>',
  '<note a="<!--">text &lt;item&gt; <!-- </note> --> more</note>',
  '<raw><![CDATA[</raw></item></instancesSet>]]></raw>',
  '<instanceIdentity>i-1</instanceIdentity>',
);

const address = fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]) => `10.0.${a}.${b}`);
const address6 = fc.nat(15).map((last) => `2001:db8::${last.toString(16)}`);
const truth = fc.constantFrom('true', 'false');
const instant = fc
  .date({ min: new Date('2010-01-01T00:00:00Z'), max: new Date('2040-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

const association = maybe(group('association', [maybe(leaf('publicIp', address)), leaf('ipOwnerId'), unknown]));

const networkInterface = group('item', [
  leaf('ownerId', fc.constant('999999999999')),
  maybe(leaf('privateIpAddress', address)),
  association,
  maybe(group('attachment', [maybe(leaf('deviceIndex', fc.nat(3).map(String))), leaf('status')])),
  maybe(group('groupSet', several(group('item', [leaf('groupId'), leaf('groupName')]), 2))),
  maybe(
    group(
      'privateIpAddressesSet',
      several(group('item', [leaf('privateIpAddress', address), maybe(leaf('primary', truth)), association]), 3),
    ),
  ),
  maybe(
    group(
      'ipv6AddressesSet',
      several(group('item', [leaf('ipv6Address', address6), maybe(leaf('isPrimaryIpv6', truth)), unknown]), 3),
    ),
  ),
  unknown,
]);

const uniqueId = fc.uuid().map((id) => `i-${id.replaceAll('-', '').slice(0, 17)}`);
const tagKey = fc.oneof(content, fc.constantFrom('Name', 'instanceId', 'key'));
const states = ['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'];

const instance = group('item', [
  leaf('instanceId', uniqueId),
  group('instanceState', [leaf('code', fc.constant('16')), leaf('name', fc.constantFrom(...states))]),
  leaf('launchTime', instant),
  maybe(group('stateReason', [maybe(leaf('code')), maybe(leaf('message'))])),
  maybe(leaf('reason')),
  maybe(leaf('instanceType')),
  maybe(group('placement', [maybe(leaf('availabilityZone')), leaf('groupName'), unknown])),
  maybe(leaf('privateIpAddress', address)),
  maybe(leaf('ipAddress', address)),
  maybe(leaf('ipv6Address', address6)),
  maybe(leaf('privateDnsName')),
  maybe(leaf('dnsName')),
  maybe(leaf('instanceLifecycle', fc.constantFrom('spot', 'scheduled', 'capacity-block'))),
  maybe(leaf('spotInstanceRequestId')),
  maybe(leaf('rootDeviceType', fc.constantFrom('ebs', 'instance-store'))),
  maybe(group('hibernationOptions', [leaf('configured', truth)])),
  maybe(group('blockDeviceMapping', several(group('item', [leaf('deviceName'), unknown]), 2))),
  maybe(group('networkInterfaceSet', several(networkInterface, 3))),
  maybe(group('tagSet', several(group('item', [leaf('key', tagKey), maybe(leaf('value'))]), 4))),
  unknown,
]);

const reservation = group('item', [
  leaf('reservationId'),
  maybe(leaf('ownerId', fc.constantFrom('111111111111', '222222222222'))),
  maybe(group('groupSet', several(group('item', [leaf('groupName')]), 1))),
  group('instancesSet', several(instance, 3)),
  unknown,
]);

const declaration = fc.constantFrom(
  '',
  '<?xml version="1.0" encoding="UTF-8"?>\n',
  "<?xml version='1.0'?><!-- <a> -->\r\n",
);

function document(root: string, parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(declaration, joined(parts), fc.constantFrom('', '\n', '<!-- end -->\n'))
    .map(([first, inside, last]) => `${first}<${root} xmlns="http://aws.example/doc/">${inside}</${root}>${last}`);
}

export const instanceAnswer = document('DescribeInstancesResponse', [
  leaf('requestId', fc.constant('8f7724cf')),
  maybe(group('reservationSet', several(reservation, 3))),
  maybe(leaf('nextToken')),
  unknown,
]);

const member = group('member', [
  leaf('InstanceId', uniqueId),
  maybe(leaf('AvailabilityZone')),
  maybe(leaf('LifecycleState')),
  maybe(leaf('HealthStatus')),
  maybe(leaf('InstanceType')),
  maybe(leaf('ProtectedFromScaleIn', fc.constantFrom('true', 'false'))),
  unknown,
]);

const size = fc.nat(5000).map(String);
const word = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', 'c', '-', 'é', '😀') });

const autoScalingGroup = group('member', [
  leaf('AutoScalingGroupName', word),
  maybe(leaf('AutoScalingGroupARN')),
  leaf('MinSize', size),
  leaf('MaxSize', size),
  leaf('DesiredCapacity', size),
  maybe(leaf('Status')),
  maybe(group('Instances', several(member, 3))),
  maybe(
    group(
      'SuspendedProcesses',
      several(group('member', [maybe(leaf('ProcessName')), maybe(leaf('SuspensionReason'))]), 3),
    ),
  ),
  maybe(group('Tags', several(group('member', [leaf('Key', tagKey), maybe(leaf('Value')), leaf('ResourceId')]), 3))),
  maybe(group('WarmPoolConfiguration', [leaf('MinSize', size), leaf('Status')])),
  maybe(group('MixedInstancesPolicy', [group('LaunchTemplate', [unknown, leaf('AutoScalingGroupName')])])),
  unknown,
]);

export const groupAnswer = document('DescribeAutoScalingGroupsResponse', [
  group('DescribeAutoScalingGroupsResult', [
    maybe(group('AutoScalingGroups', several(autoScalingGroup, 3))),
    maybe(leaf('NextToken')),
    unknown,
  ]),
  group('ResponseMetadata', [leaf('RequestId')]),
]);
