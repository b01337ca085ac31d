/** The name of the only group. */
export const groupName = 'web';

/** 10.0.0.0 and on. */
export function privateIp(index: number): string {
  return `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
}

/** What DescribeInstances answers, `pageSize` instances a page, the token of a page being its number. */
export function instancePages(count: number, pageSize: number): Buffer[] {
  const pages: Buffer[] = [];
  for (let start = 0; start < count; start += pageSize) {
    const end = Math.min(start + pageSize, count);
    const reservations = Array.from({ length: end - start }, (_, at) => reservation(start + at)).join('\n');
    const token = end < count ? `\n    <nextToken>${pages.length + 1}</nextToken>` : '';
    pages.push(
      Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
    <requestId>8f7724cf-496f-496e-8fe3-example</requestId>
    <reservationSet>
${reservations}
    </reservationSet>${token}
</DescribeInstancesResponse>
`),
    );
  }
  return pages;
}

/** What DescribeAutoScalingGroups answers. */
export function groupDocument(count: number): Buffer {
  const members = Array.from(
    { length: count },
    (_, index) => `          <member>
            <InstanceId>${instanceId(index)}</InstanceId>
            <InstanceType>m6i.large</InstanceType>
            <AvailabilityZone>${zone(index)}</AvailabilityZone>
            <LifecycleState>InService</LifecycleState>
            <HealthStatus>Healthy</HealthStatus>
            <LaunchTemplate>
              <LaunchTemplateId>lt-0123456789abcdef0</LaunchTemplateId>
              <LaunchTemplateName>${groupName}</LaunchTemplateName>
              <Version>7</Version>
            </LaunchTemplate>
            <ProtectedFromScaleIn>false</ProtectedFromScaleIn>
          </member>`,
  ).join('\n');
  return Buffer.from(`<DescribeAutoScalingGroupsResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">
  <DescribeAutoScalingGroupsResult>
    <AutoScalingGroups>
      <member>
        <AutoScalingGroupName>${groupName}</AutoScalingGroupName>
        <AutoScalingGroupARN>arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:0:autoScalingGroupName/${groupName}</AutoScalingGroupARN>
        <MinSize>0</MinSize>
        <MaxSize>${count}</MaxSize>
        <DesiredCapacity>${count}</DesiredCapacity>
        <DefaultCooldown>300</DefaultCooldown>
        <AvailabilityZones>
          <member>eu-central-1a</member>
          <member>eu-central-1b</member>
        </AvailabilityZones>
        <HealthCheckType>EC2</HealthCheckType>
        <HealthCheckGracePeriod>300</HealthCheckGracePeriod>
        <Instances>
${members}
        </Instances>
        <CreatedTime>2026-01-05T08:00:00.000Z</CreatedTime>
        <SuspendedProcesses/>
        <VPCZoneIdentifier>subnet-0a0a0a0a0a0a0a0a0,subnet-0b0b0b0b0b0b0b0b0</VPCZoneIdentifier>
        <Tags/>
        <NewInstancesProtectedFromScaleIn>false</NewInstancesProtectedFromScaleIn>
      </member>
    </AutoScalingGroups>
  </DescribeAutoScalingGroupsResult>
  <ResponseMetadata><RequestId>7c6e177f-f082-11e1-ac58-example</RequestId></ResponseMetadata>
</DescribeAutoScalingGroupsResponse>
`);
}

const hexadecimal = (index: number): string => index.toString(16).padStart(17, '0');
const instanceId = (index: number): string => `i-${hexadecimal(index)}`;
const zone = (index: number): string => `eu-central-1${index % 2 === 0 ? 'a' : 'b'}`;

/** As wide as the real thing: about 5 KB an instance, of which a list of addresses needs a hundred bytes. */
function reservation(index: number): string {
  const ip = privateIp(index);
  const host = `ip-${ip.replaceAll('.', '-')}.eu-central-1.compute.internal`;
  const number = hexadecimal(index);
  const security = '<item><groupId>sg-0123456789abcdef0</groupId><groupName>web</groupName></item>';
  const tags = [
    ['Name', `${groupName}-${index}`],
    ['aws:autoscaling:groupName', groupName],
    ['aws:ec2launchtemplate:id', 'lt-0123456789abcdef0'],
    ['aws:ec2launchtemplate:version', '7'],
    ['env', 'production'],
    ['owner', 'platform & operations'],
  ].map(
    ([key, value]) => `                        <item>
                            <key>${key}</key>
                            <value>${value!.replace('&', '&amp;')}</value>
                        </item>`,
  );
  return `        <item>
            <reservationId>r-${number}</reservationId>
            <ownerId>123456789012</ownerId>
            <groupSet/>
            <instancesSet>
                <item>
                    <instanceId>${instanceId(index)}</instanceId>
                    <imageId>ami-0123456789abcdef0</imageId>
                    <instanceState>
                        <code>16</code>
                        <name>running</name>
                    </instanceState>
                    <privateDnsName>${host}</privateDnsName>
                    <dnsName/>
                    <reason/>
                    <amiLaunchIndex>0</amiLaunchIndex>
                    <productCodes/>
                    <instanceType>m6i.large</instanceType>
                    <launchTime>2026-11-16T06:00:00.000Z</launchTime>
                    <placement>
                        <availabilityZone>${zone(index)}</availabilityZone>
                        <availabilityZoneId>euc1-az${1 + (index % 2)}</availabilityZoneId>
                        <groupName/>
                        <tenancy>default</tenancy>
                    </placement>
                    <monitoring>
                        <state>enabled</state>
                    </monitoring>
                    <subnetId>subnet-0a0a0a0a0a0a0a0a0</subnetId>
                    <vpcId>vpc-0123456789abcdef0</vpcId>
                    <privateIpAddress>${ip}</privateIpAddress>
                    <sourceDestCheck>true</sourceDestCheck>
                    <groupSet>
                        ${security}
                    </groupSet>
                    <architecture>x86_64</architecture>
                    <rootDeviceType>ebs</rootDeviceType>
                    <rootDeviceName>/dev/xvda</rootDeviceName>
                    <blockDeviceMapping>
                        <item>
                            <deviceName>/dev/xvda</deviceName>
                            <ebs>
                                <volumeId>vol-${number}</volumeId>
                                <status>attached</status>
                                <attachTime>2026-11-16T06:00:01.000Z</attachTime>
                                <deleteOnTermination>true</deleteOnTermination>
                            </ebs>
                        </item>
                    </blockDeviceMapping>
                    <virtualizationType>hvm</virtualizationType>
                    <clientToken>fleet-${number}-0</clientToken>
                    <tagSet>
${tags.join('\n')}
                    </tagSet>
                    <hypervisor>xen</hypervisor>
                    <networkInterfaceSet>
                        <item>
                            <networkInterfaceId>eni-${number}</networkInterfaceId>
                            <subnetId>subnet-0a0a0a0a0a0a0a0a0</subnetId>
                            <vpcId>vpc-0123456789abcdef0</vpcId>
                            <description/>
                            <ownerId>123456789012</ownerId>
                            <status>in-use</status>
                            <macAddress>02:00:00:00:00:${(index % 256).toString(16).padStart(2, '0')}</macAddress>
                            <privateIpAddress>${ip}</privateIpAddress>
                            <privateDnsName>${host}</privateDnsName>
                            <sourceDestCheck>true</sourceDestCheck>
                            <groupSet>
                                ${security}
                            </groupSet>
                            <attachment>
                                <attachmentId>eni-attach-${number}</attachmentId>
                                <deviceIndex>0</deviceIndex>
                                <status>attached</status>
                                <attachTime>2026-11-16T06:00:00.000Z</attachTime>
                                <deleteOnTermination>true</deleteOnTermination>
                                <networkCardIndex>0</networkCardIndex>
                            </attachment>
                            <privateIpAddressesSet>
                                <item>
                                    <privateIpAddress>${ip}</privateIpAddress>
                                    <privateDnsName>${host}</privateDnsName>
                                    <primary>true</primary>
                                </item>
                            </privateIpAddressesSet>
                            <ipv6AddressesSet/>
                            <interfaceType>interface</interfaceType>
                            <operator>
                                <managed>false</managed>
                            </operator>
                        </item>
                    </networkInterfaceSet>
                    <iamInstanceProfile>
                        <arn>arn:aws:iam::123456789012:instance-profile/web</arn>
                        <id>AIPAEXAMPLEEXAMPLE123</id>
                    </iamInstanceProfile>
                    <ebsOptimized>true</ebsOptimized>
                    <enaSupport>true</enaSupport>
                    <cpuOptions>
                        <coreCount>1</coreCount>
                        <threadsPerCore>2</threadsPerCore>
                    </cpuOptions>
                    <capacityReservationSpecification>
                        <capacityReservationPreference>open</capacityReservationPreference>
                    </capacityReservationSpecification>
                    <hibernationOptions>
                        <configured>false</configured>
                    </hibernationOptions>
                    <metadataOptions>
                        <state>applied</state>
                        <httpTokens>required</httpTokens>
                        <httpPutResponseHopLimit>2</httpPutResponseHopLimit>
                        <httpEndpoint>enabled</httpEndpoint>
                        <httpProtocolIpv6>disabled</httpProtocolIpv6>
                        <instanceMetadataTags>disabled</instanceMetadataTags>
                    </metadataOptions>
                    <enclaveOptions>
                        <enabled>false</enabled>
                    </enclaveOptions>
                    <bootMode>uefi-preferred</bootMode>
                    <platformDetails>Linux/UNIX</platformDetails>
                    <usageOperation>RunInstances</usageOperation>
                    <usageOperationUpdateTime>2026-11-16T06:00:00.000Z</usageOperationUpdateTime>
                    <privateDnsNameOptions>
                        <hostnameType>ip-name</hostnameType>
                        <enableResourceNameDnsARecord>false</enableResourceNameDnsARecord>
                        <enableResourceNameDnsAAAARecord>false</enableResourceNameDnsAAAARecord>
                    </privateDnsNameOptions>
                    <maintenanceOptions>
                        <autoRecovery>default</autoRecovery>
                    </maintenanceOptions>
                    <currentInstanceBootMode>uefi</currentInstanceBootMode>
                </item>
            </instancesSet>
            <requesterId>940372691376</requesterId>
        </item>`;
}
