import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, it } from 'vitest';
import { GatewayNetwork, NetworkSource } from '#lib/constructs/gateway-network.ts';
import { built } from '#test/lib/built.ts';

function network(source: NetworkSource): Template {
  return built((stack) => {
    new GatewayNetwork(stack, 'Network', {
      name: 'acme-gateway',
      source,
      logRetention: RetentionDays.SIX_MONTHS,
      logKey: new Key(stack, 'Key'),
    });
  });
}

const existing = NetworkSource.fromVpcAttributes({
  vpcId: 'vpc-01234567',
  cidr: '10.1.0.0/16',
  subnets: ['a', 'b'].map((zone) => ({
    id: `subnet-0123456${zone}`,
    availabilityZone: `us-east-1${zone}`,
    routeTableId: `rtb-0123456${zone}`,
  })),
});

describe('GatewayNetwork', () => {
  it('is made in two availability zones with ways out, without public addresses, and its flows are logged', () => {
    const template = network(NetworkSource.create({ cidr: '10.7.0.0/20' }));
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.7.0.0/20' });
    template.resourceCountIs('AWS::EC2::Subnet', 4);
    template.resourceCountIs('AWS::EC2::NatGateway', 2);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    template.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/spillway/acme-gateway-flows',
      RetentionInDays: 180,
    });
  });

  it('has no way out, and nothing public, where it is told so', () => {
    const template = network(NetworkSource.create({ natGateways: 0 }));
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::InternetGateway', 0);
    template.resourceCountIs('AWS::EC2::Subnet', 2);
  });

  it('is one’s own where it is given: nothing of it is made or changed', () => {
    const template = network(existing);
    for (const type of ['VPC', 'Subnet', 'RouteTable', 'NatGateway', 'FlowLog'])
      template.resourceCountIs(`AWS::EC2::${type}`, 0);
    template.allResourcesProperties('AWS::EC2::SecurityGroup', { VpcId: 'vpc-01234567' });
  });

  it('lets functions out over TLS and nobody in', () => {
    const template = network(existing);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Functions of a Spillway gateway: out over TLS, nobody in',
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [
        Match.objectLike({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }),
      ],
    });
  });
});
