import type { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { GatewayNetwork, NetworkSource } from '#lib/constructs/gateway-network.ts';
import { ServiceEndpoints } from '#lib/constructs/service-endpoints.ts';
import { endpointStatements } from '#lib/permissions/endpoint-statements.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, home } from '#test/lib/built.ts';

const existing = NetworkSource.fromVpcAttributes({
  vpcId: 'vpc-01234567',
  cidr: '10.1.0.0/16',
  subnets: ['a', 'b'].map((zone) => ({
    id: `subnet-0123456${zone}`,
    availabilityZone: `us-east-1${zone}`,
    routeTableId: `rtb-0123456${zone}`,
  })),
});

function endpoints(config = acme): Template {
  return built((stack) => {
    const network = new GatewayNetwork(stack, 'Network', {
      name: 'acme-gateway',
      source: existing,
      logRetention: RetentionDays.SIX_MONTHS,
    });
    new ServiceEndpoints(stack, 'Endpoints', { network, statements: endpointStatements(config, home) });
  });
}

/** The short names of the services, of gateway and interface endpoints apart. */
function services(template: Template): readonly string[] {
  return Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => {
    const name = JSON.stringify(Properties.ServiceName).match(/[a-z.-]*(?:runtime|sts|sqs|dynamodb|s3)/)?.[0];
    return `${Properties.VpcEndpointType} ${name?.split('.').filter(Boolean).slice(-2).join('.')}`;
  });
}

describe('ServiceEndpoints', () => {
  it('are what the gateway calls, each with a policy of its own', () => {
    const template = endpoints();
    expect([...services(template)].sort()).toEqual([
      'Gateway dynamodb',
      'Gateway s3',
      'Interface bedrock-runtime',
      'Interface sagemaker.runtime',
      'Interface sqs',
      'Interface sts',
    ]);
    for (const { Properties } of Object.values(template.findResources('AWS::EC2::VPCEndpoint'))) {
      const statements: { Action: string | string[]; Resource: unknown; Condition: object }[] =
        Properties.PolicyDocument.Statement;
      expect(statements).toHaveLength(1);
      for (const { Action, Resource, Condition } of statements) {
        expect([Action].flat().filter((action) => action.includes('*'))).toEqual([]);
        expect([Resource].flat()).not.toContain('*');
        const { ArnEquals } = Condition as { ArnEquals: { 'aws:PrincipalArn': string[] } };
        expect([ArnEquals['aws:PrincipalArn']].flat()).toContain(
          'arn:aws:iam::111111111111:role/acme-gateway-us-east-1',
        );
      }
    }
  });

  it('take calls of the functions’ group alone', () => {
    const ingress = Object.values(endpoints().findResources('AWS::EC2::SecurityGroupIngress'));
    expect(ingress.map(({ Properties }) => [Properties.FromPort, Properties.ToPort])).toEqual([[443, 443]]);
    expect(ingress.every(({ Properties }) => Properties.SourceSecurityGroupId !== undefined)).toBe(true);
  });

  it('are fewer where less is called', () => {
    const [account = { id: '', regions: [] }] = acme.accounts;
    const alone = checkedConfig({
      name: 'acme',
      home,
      accounts: [account],
      gateways: ['us-east-1'],
      residencies: { us: { jurisdictions: ['US'] } },
      models: { chat: { candidates: ['amazon.nova-lite-v1:0'] } },
      batches: { enabled: false },
    });
    expect([...services(endpoints(alone))].sort()).toEqual(['Gateway dynamodb', 'Interface bedrock-runtime']);
  });
});
