/** The fleet behind names of its own: what stands in zones and before APIs, and where each name leads. */
import { sinkArn } from '#local/cloudformation/handlers/oam.ts';
import { euAccount, fleetInput, homeAccount } from './deployed-fleet.ts';
import { changing, type TemplateChange } from './template-changes.ts';

const homeZone = { account: homeAccount, id: 'Z0HOME0000000000001', name: 'llm.example.com' };
const euZone = { account: euAccount, id: 'Z0EU000000000000001', name: 'gateways.example.eu' };

export const zones = new Map([homeZone, euZone].map(({ id, account, name }) => [id, { account, name }]));

export const namedInput = {
  ...fleetInput,
  frontDoor: {
    domain: {
      zones: [homeZone, euZone],
      certificates: { 'eu-central-1': `arn:aws:acm:eu-central-1:${euAccount}:certificate/given` },
    },
    firewall: {},
  },
  observability: {
    createSinks: true,
    sinks: Object.fromEntries(
      ['eu-central-1', 'eu-west-1', 'eu-north-1'].map((region) => [
        region,
        sinkArn({ account: homeAccount, region, name: 'acme' }),
      ]),
    ),
  },
};

/** In the order in which an operator brings them up: a link wants its sink. */
export const namedStacks = [
  'Observability-eu-central-1',
  'Gateway-us-east-1',
  'Gateway-eu-central-1',
  `Names-${homeAccount}`,
  'Discovery-222222222222-eu-central-1',
];
export const namesStack = `Names-${homeAccount}`;
export const residencyNames = { us: 'us.llm.example.com', eu: 'eu.llm.example.com' } as const;

interface NameDefect {
  readonly what: string;
  readonly stack: string;
  readonly change: TemplateChange;
  readonly says: string;
}

const inNames = (what: string, change: TemplateChange, says: string): NameDefect => ({
  ...{ what, stack: namesStack, change, says },
});
const inGateway = (what: string, change: TemplateChange, says: string): NameDefect => ({
  ...{ what, stack: 'Gateway-eu-central-1', change, says },
});

export const refusedNames: readonly NameDefect[] = [
  inNames(
    'a name in a zone of another account',
    changing('AWS::Route53::RecordSet', 'eueucentral1', ({ Properties }) => {
      Properties.HostedZoneId = euZone.id;
    }),
    `AccessDenied: the zone ${euZone.id} is of ${euAccount}`,
  ),
  inNames(
    'a name that its zone does not hold',
    changing('AWS::Route53::RecordSet', 'eueucentral1', ({ Properties }) => {
      Properties.Name = 'eu.llm.example.org.';
    }),
    'eu.llm.example.org is not permitted in zone llm.example.com',
  ),
  inNames(
    'two records of one name for one region',
    changing('AWS::Route53::RecordSet', 'eueucentral1', ({ Properties }) => {
      Object.assign(Properties, { Name: 'us.llm.example.com.', Region: 'us-east-1', SetIdentifier: 'other' });
    }),
    'us.llm.example.com has a record for us-east-1 already',
  ),
  inNames(
    'a record whose health nobody checks',
    changing('AWS::Route53::RecordSet', 'eueucentral1', ({ Properties }) => {
      Properties.HealthCheckId = 'none';
    }),
    'there is no health check none',
  ),
  inNames(
    'a check of health that AWS does not offer',
    changing('AWS::Route53::HealthCheck', 'eucentral1', ({ Properties }) => {
      Properties.HealthCheckConfig.RequestInterval = 60;
    }),
    'RequestInterval 60: want 10 or 30',
  ),
  inGateway(
    'a certificate of another region',
    changing('AWS::ApiGateway::DomainName', 'NamesOwn', ({ Properties }) => {
      Properties.RegionalCertificateArn = `arn:aws:acm:us-east-1:${euAccount}:certificate/given`;
    }),
    `the certificate arn:aws:acm:us-east-1:${euAccount}:certificate/given is not of ${euAccount} in eu-central-1`,
  ),
  inGateway(
    'a name of a stage that is not there',
    changing('AWS::ApiGateway::BasePathMapping', 'NamesOwn', ({ Properties }) => {
      Properties.Stage = 'dead';
    }),
    'has no stage dead',
  ),
  inGateway(
    'an alias that leads nowhere',
    changing('AWS::Route53::RecordSet', '', ({ Properties }) => {
      Properties.AliasTarget.DNSName = 'd-0123456789.execute-api.eu-central-1.amazonaws.com';
    }),
    'an alias of type A leads to an endpoint',
  ),
  inGateway(
    'two rules of a web ACL at one place',
    changing('AWS::WAFv2::WebACL', '', ({ Properties }) => {
      Properties.Rules[1].Priority = 0;
    }),
    'two rules have Priority 0',
  ),
  inGateway(
    'a managed rule that nobody says what becomes of',
    changing('AWS::WAFv2::WebACL', '', ({ Properties }) => {
      delete Properties.Rules[1].OverrideAction;
    }),
    'wants OverrideAction, and nothing else',
  ),
  inGateway(
    'a log of the web ACL that WAF does not write to',
    changing('AWS::WAFv2::LoggingConfiguration', '', ({ Properties }) => {
      Properties.LogDestinationConfigs = [`arn:aws:logs:eu-central-1:${euAccount}:log-group:/spillway/waf`];
    }),
    '/spillway/waf does not begin with aws-waf-logs-',
  ),
  inGateway(
    'a web ACL before a stage that is not there',
    changing('AWS::WAFv2::WebACLAssociation', '', ({ Properties }) => {
      Properties.ResourceArn = 'arn:aws:apigateway:us-east-1::/restapis/abcdefghij/stages/live';
    }),
    'there is no',
  ),
  {
    what: 'a link to a sink that is not there',
    stack: 'Discovery-222222222222-eu-central-1',
    change: changing('AWS::Oam::Link', '', ({ Properties }) => {
      Properties.SinkIdentifier = sinkArn({ account: homeAccount, region: 'eu-central-1', name: 'acne' });
    }),
    says: 'ResourceNotFoundException: there is no sink',
  },
  {
    what: 'a link of more than the sink takes in',
    stack: 'Discovery-222222222222-eu-central-1',
    change: changing('AWS::Oam::Link', '', ({ Properties }) => {
      Properties.ResourceTypes.push('AWS::Logs::LogGroup');
    }),
    says: `does not let ${euAccount} link AWS::CloudWatch::Metric,AWS::Logs::LogGroup`,
  },
  {
    what: 'a certificate that leaves a residency’s name out',
    stack: 'Gateway-us-east-1',
    change: changing('AWS::CertificateManager::Certificate', '', ({ Properties }) => {
      Properties.SubjectAlternativeNames = [];
    }),
    says: 'does not hold us.llm.example.com',
  },
];

/** A record that somebody changed: the residency's name leads to a gateway outside of it. */
export const strayRecord: TemplateChange = changing(
  'AWS::Route53::RecordSet',
  'eueucentral1',
  ({ Properties }) => {
    Properties.ResourceRecords = ['us-east-1.llm.example.com'];
  },
);
