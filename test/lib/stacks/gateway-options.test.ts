import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import type { SpillwayConfigInput } from '#contract/config.ts';
import { addChecks } from '#lib/checks.ts';
import { createSpillwayStacks } from '#lib/spillway-stacks.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { checkedConfig } from '#test/lib/acme.ts';
import { accepts, acknowledgementsOf, findingsOf } from '#test/lib/findings.ts';
import { identityStatements, unbundledApp } from '#test/lib/synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const caller = 'arn:aws:iam::222222222222:role/app';
const base: SpillwayConfigInput = {
  name: 'acme',
  home: { account: '111111111111', region: 'us-east-1' },
  accounts: [
    { id: '111111111111', regions: ['us-east-1', 'eu-west-1'] },
    {
      id: '222222222222',
      regions: ['eu-central-1'],
      guardrails: [{ region: 'eu-central-1', id: 'a1b2c3', profile: 'eu.guardrail.v1:0' }],
    },
  ],
  gateways: ['us-east-1', 'eu-west-1', 'eu-central-1'],
  residencies: {
    us: { jurisdictions: ['US'] },
    eu: { jurisdictions: ['EU'] },
    anywhere: { jurisdictions: 'any' },
  },
  models: { chat: { candidates: ['amazon.nova-lite-v1:0'] } },
};
const signed = { tenants: { app: { residencies: ['eu'], principals: [caller] } } };
const domain = {
  zones: [
    { account: '111111111111', id: 'Z0001', name: 'llm.example.com' },
    { account: '222222222222', id: 'Z0002', name: 'prod-eu.llm.example.com' },
  ],
  certificates: { 'eu-central-1': 'arn:aws:acm:eu-central-1:222222222222:certificate/1' },
};

/** Synthesised with every check: a finding that nobody accepted, or a template that CDK finds fault with, throws. */
function deployed(config: SpillwayConfigInput) {
  const app = unbundledApp(mkdtempSync(join(folder, 'out-')));
  const stacks = createSpillwayStacks(app, { config: checkedConfig(config), facts: shippedFacts });
  addChecks(app);
  const assembly = app.synth();
  expect(assembly.manifest.missing ?? []).toEqual([]);
  const findings = findingsOf(app);
  const needless = acknowledgementsOf(app)
    // CDK's own, about what it writes itself.
    .filter(({ id }) => !id.startsWith('CloudFormation-Validate::'))
    .filter((each) => !findings.some((finding) => accepts(each, finding)))
    .map(({ id, path }) => `${id} at ${path}`);
  const template = (id: string) => {
    const stack = assembly.stacks.find(({ hierarchicalId }) => hierarchicalId === id);
    return Template.fromJSON(stack?.template ?? {});
  };
  return { stacks, template, needless };
}

describe('a function URL', () => {
  const { stacks, template, needless } = deployed({
    ...base,
    ...signed,
    gateways: ['us-east-1'],
    frontDoor: { kind: 'function-url', authorization: 'iam' },
    gatewayFunction: { provisionedConcurrency: { min: 3 }, memoryMebibytes: 2048, logRetentionDays: 365 },
  });
  const gateway = template('Gateway-us-east-1');

  it('stands instead of an API, streams, and asks for signatures', () => {
    gateway.resourceCountIs('AWS::ApiGateway::RestApi', 0);
    gateway.hasResourceProperties('AWS::Lambda::Url', {
      AuthType: 'AWS_IAM',
      InvokeMode: 'RESPONSE_STREAM',
      Qualifier: 'live',
    });
    const [policy] = Object.values(gateway.findResources('AWS::Lambda::ResourcePolicy'));
    expect(JSON.stringify(policy?.Properties.PolicyDocument)).toContain(caller);
    expect(stacks.gateways[0]?.frontDoor.metricServerErrors().metricName).toBe('Url5xxCount');
  });

  it('leads to environments that stand ready, as large as they are asked for', () => {
    gateway.hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 },
    });
    gateway.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'acme-gateway',
      MemorySize: 2048,
    });
    gateway.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  it('needs every acknowledgement that it has', () => expect(needless).toEqual([]));
});

describe('a REST API with names of its own, a web ACL and a network', () => {
  const { stacks, template, needless } = deployed({
    ...base,
    ...signed,
    frontDoor: { authorization: 'iam', domain, firewall: {} },
    gatewayNetworks: {
      'us-east-1': { create: { natGateways: 1 } },
      'eu-central-1': {
        existing: {
          vpcId: 'vpc-01234567',
          cidr: '10.1.0.0/16',
          endpoints: 'exist',
          subnets: ['a', 'b'].map((zone) => ({
            id: `subnet-0123456${zone}`,
            availabilityZone: `eu-central-1${zone}`,
            routeTableId: `rtb-0123456${zone}`,
          })),
        },
      },
    },
    gatewayFunction: { reservedConcurrency: 50, provisionedConcurrency: { min: 2, max: 20 } },
  });
  const regions = ['us-east-1', 'eu-west-1', 'eu-central-1'];

  it('answers to its own name and to those of the residencies that it lies inside, and to no other', () => {
    const named = regions.map((region) =>
      Object.values(template(`Gateway-${region}`).findResources('AWS::ApiGateway::DomainName')).map(
        ({ Properties }) => Properties.DomainName,
      ),
    );
    expect(named).toEqual([
      ['us-east-1.llm.example.com', 'us.llm.example.com', 'anywhere.llm.example.com'],
      ['eu-west-1.llm.example.com', 'eu.llm.example.com', 'anywhere.llm.example.com'],
      ['eu-central-1.prod-eu.llm.example.com', 'eu.llm.example.com', 'anywhere.llm.example.com'],
    ]);
    for (const region of regions)
      template(`Gateway-${region}`).allResourcesProperties('AWS::ApiGateway::RestApi', {
        DisableExecuteApiEndpoint: true,
      });
  });

  it('is found by a residency’s name only where its region lies inside, nearest first, while it is ready', () => {
    const names = template('Names-111111111111');
    const records = Object.values(names.findResources('AWS::Route53::RecordSet')).map(
      ({ Properties }) => Properties,
    );
    const led = records.map(({ Name, Region, SetIdentifier, ResourceRecords, Type, HostedZoneId }) => {
      expect([Type, HostedZoneId, SetIdentifier]).toEqual(['CNAME', 'Z0001', Region]);
      expect(ResourceRecords).toEqual([
        `${Region}.${Region === 'eu-central-1' ? 'prod-eu.' : ''}llm.example.com`,
      ]);
      return `${Name} ${Region}`;
    });
    expect(led.sort()).toEqual([
      'anywhere.llm.example.com. eu-central-1',
      'anywhere.llm.example.com. eu-west-1',
      'anywhere.llm.example.com. us-east-1',
      'eu.llm.example.com. eu-central-1',
      'eu.llm.example.com. eu-west-1',
      'us.llm.example.com. us-east-1',
    ]);
    expect(records.every(({ HealthCheckId }) => HealthCheckId !== undefined)).toBe(true);
    names.resourceCountIs('AWS::Route53::HealthCheck', 3);
    names.allResourcesProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: { Type: 'HTTPS', ResourcePath: '/readyz', Port: 443 },
    });
  });

  it('lets everybody ask whether it is ready, and nobody anything else without a signature', () => {
    const gateway = template('Gateway-us-east-1');
    const methods = Object.values(gateway.findResources('AWS::ApiGateway::Method')).map(({ Properties }) =>
      [Properties.HttpMethod, Properties.AuthorizationType].join(' '),
    );
    expect(methods.sort()).toEqual(['ANY AWS_IAM', 'ANY AWS_IAM', 'GET NONE']);
    const [api] = Object.values(gateway.findResources('AWS::ApiGateway::RestApi'));
    const open = api?.Properties.Policy.Statement.filter(
      ({ Condition }: { readonly Condition?: object }) => Condition === undefined,
    );
    expect(open).toMatchObject([{ Sid: 'AskWhetherReady', Resource: 'execute-api:/live/GET/readyz' }]);
  });

  it('may apply guardrails of the configuration, in their account alone', () => {
    const grantsOf = (id: string) =>
      identityStatements(template(id)).filter(({ Sid }) => Sid === 'ApplyGuardrails');
    const arn = 'arn:aws:bedrock:eu-central-1:222222222222:guardrail/a1b2c3';
    for (const id of ['Gateway-eu-central-1', 'Access-222222222222'])
      expect(grantsOf(id).map(({ Action, Resource }) => [[Action].flat(), Resource])).toEqual([
        [['bedrock:ApplyGuardrail'], expect.arrayContaining([arn])],
      ]);
    for (const id of ['Gateway-us-east-1', 'Access-111111111111', 'Control'])
      expect(grantsOf(id)).toEqual([]);
  });

  it('stands behind a web ACL in each region', () => {
    for (const region of regions)
      template(`Gateway-${region}`).resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  });

  it('places both functions in the network, which their own code cannot touch', () => {
    for (const region of ['us-east-1', 'eu-central-1']) {
      const functions = Object.values(template(`Gateway-${region}`).findResources('AWS::Lambda::Function'));
      const placed = functions.filter(({ Properties }) => Properties.VpcConfig !== undefined);
      expect(placed.map(({ Properties }) => Properties.FunctionName)).toEqual(
        expect.arrayContaining(['acme-gateway', 'acme-dispatch']),
      );
      const statements = identityStatements(template(`Gateway-${region}`));
      const deny = statements.filter(({ Effect }) => Effect === 'Deny');
      expect(deny.map(({ Condition }) => Condition)).toEqual(
        ['gateway', 'dispatch'].map((kind) => ({
          ArnEquals: {
            'lambda:SourceFunctionArn': `arn:aws:lambda:${region}:${region === 'us-east-1' ? '111111111111' : '222222222222'}:function:acme-${kind}`,
          },
        })),
      );
    }
    template('Gateway-us-east-1').resourceCountIs('AWS::EC2::NatGateway', 1);
    template('Gateway-eu-central-1').resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    template('Gateway-eu-west-1').resourceCountIs('AWS::EC2::VPC', 0);
  });

  it('says its own name as the base URL, and keeps what it was told to', () => {
    template('Gateway-eu-west-1').hasOutput('BaseUrl', { Value: 'https://eu-west-1.llm.example.com/v1' });
    template('Gateway-eu-west-1').hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: 50,
    });
    expect(stacks.gateways.map(({ ready }) => ready?.metricSpillover().metricName)).toEqual(
      regions.map(() => 'ProvisionedConcurrencySpilloverInvocations'),
    );
  });

  it('needs every acknowledgement that it has', () => expect(needless).toEqual([]));
});

describe('a web function beside the front door', () => {
  const { template, needless } = deployed({
    ...base,
    gateways: ['us-east-1', 'eu-west-1'],
    webFunctions: {
      'us-east-1': { releases: [{ name: 'one', version: 'v1', weight: 100 }] },
      'eu-west-1': {},
    },
  });

  it('has a base URL of its own once there is a release', () => {
    template('Gateway-us-east-1').resourceCountIs('AWS::Lambda::WebFunctionEndpoint', 1);
    expect(Object.keys(template('Gateway-us-east-1').findOutputs('*'))).toEqual(
      expect.arrayContaining(['BaseUrl', 'WebBaseUrl', 'WebBucket', 'WebBundle']),
    );
    template('Gateway-eu-west-1').resourceCountIs('AWS::Lambda::WebFunctionEndpoint', 0);
    expect(Object.keys(template('Gateway-eu-west-1').findOutputs('*'))).not.toContain('WebBaseUrl');
  });

  it('needs every acknowledgement that it has', () => expect(needless).toEqual([]));
});

describe('what is asked on the command line', () => {
  it('must not be below what is kept ready', () => {
    const config = checkedConfig({ ...base, gatewayFunction: { provisionedConcurrency: { min: 10 } } });
    const app = unbundledApp(mkdtempSync(join(folder, 'out-')), false);
    expect(() => createSpillwayStacks(app, { config, facts: shippedFacts, gatewayConcurrency: 5 })).toThrow(
      'context gatewayConcurrency: 5 must be at least 10, as many as gatewayFunction.provisionedConcurrency keeps ready',
    );
  });
});
