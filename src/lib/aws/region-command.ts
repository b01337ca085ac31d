// A module of its own, so that it is loaded at need and the bundle has this one command.
export { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
