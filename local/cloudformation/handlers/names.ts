/** Names of one's own: certificates, custom domain names of REST APIs, and records that lead to them. */
import type { Cloud } from '../cloud.ts';
import { type NameRecord, regionalName } from '../parts/name-book.ts';
import { accountOf, regionOf } from '../parts/service-access.ts';
import type { Made, ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { keptResource, tagsShape } from './kept-resource.ts';

const withoutDot = (name: unknown): string => String(name).replace(/\.$/, '');

export const certificate = keptResource({
  type: 'AWS::CertificateManager::Certificate',
  properties: {
    DomainName: 'text',
    DomainValidationOptions: [{ DomainName: 'text', HostedZoneId: 'text' }],
    SubjectAlternativeNames: ['text'],
    Tags: tagsShape,
    ValidationMethod: 'text',
  },
  required: ['DomainName'],
  createOnly: ['DomainName', 'SubjectAlternativeNames', 'DomainValidationOptions', 'ValidationMethod'],
  // ACM waits for its records for as long as CloudFormation lets it; here it says at once that they cannot come.
  check({ account, properties }, { names }) {
    const zones = (properties.DomainValidationOptions ?? []) as {
      DomainName: string;
      HostedZoneId: string;
    }[];
    for (const name of namesOf(properties)) {
      const zone = zones.find(({ DomainName }) => DomainName === name);
      if (properties.ValidationMethod !== 'DNS' || zone === undefined)
        throw new Error(`${name} is proved by no record: DomainValidationOptions names no zone for it`);
      names.zoneFor(name, { zoneId: zone.HostedZoneId, account });
    }
  },
  made(request) {
    const { account, region } = request;
    const arn = `arn:aws:acm:${region}:${account}:certificate/${request.nameOf(60)}`;
    return { physicalId: arn, attributes: { Arn: arn } };
  },
});

const namesOf = ({ DomainName, SubjectAlternativeNames = [] }: Json): readonly string[] => [
  String(DomainName),
  ...(SubjectAlternativeNames as string[]),
];

export const domainName: ResourceHandler<Cloud> = {
  type: 'AWS::ApiGateway::DomainName',
  properties: {
    DomainName: 'text',
    EndpointConfiguration: { Types: ['text'] },
    RegionalCertificateArn: 'text',
    SecurityPolicy: 'text',
    Tags: tagsShape,
  },
  required: ['DomainName', 'RegionalCertificateArn'],
  createOnly: ['DomainName'],
  async create(request, cloud) {
    checkDomain(request, cloud);
    const name = String(request.properties.DomainName);
    const { account, region } = request;
    cloud.names.addDomain({ account, region, name });
    const RegionalDomainName = regionalName({ region, name });
    return { physicalId: name, attributes: { RegionalDomainName, RegionalHostedZoneId: zoneOfApis(region) } };
  },
  async update({ from, request }, cloud) {
    checkDomain(request, cloud);
    return from.made;
  },
  async remove({ request, made }, { names }) {
    const { account, region } = request;
    names.removeDomain({ account, region, name: made.physicalId });
  },
};

/** API Gateway's own zone in a region: alias records name it. */
const zoneOfApis = (region: string): string => `ZAPI${region.replaceAll('-', '').toUpperCase()}`;

function checkDomain({ properties, account, region }: ResourceRequest, { kept }: Cloud): void {
  const { DomainName, EndpointConfiguration, RegionalCertificateArn, SecurityPolicy } = properties;
  const { Types = ['EDGE'] } = (EndpointConfiguration ?? {}) as { Types?: string[] };
  if (Types.join() !== 'REGIONAL')
    throw new Error(`EndpointConfiguration.Types ${Types.join()}: want REGIONAL`);
  if (SecurityPolicy !== 'TLS_1_2') throw new Error(`SecurityPolicy ${String(SecurityPolicy)}: want TLS_1_2`);
  const arn = String(RegionalCertificateArn);
  if (accountOf(arn) !== account || regionOf(arn) !== region)
    throw new Error(`BadRequestException: the certificate ${arn} is not of ${account} in ${region}`);
  // One that is given by its ARN says nothing here of its names.
  const known = kept.get(arn);
  if (known === undefined || namesOf(known).includes(String(DomainName))) return;
  throw new Error(`BadRequestException: the certificate ${arn} does not hold ${String(DomainName)}`);
}

export const basePathMapping: ResourceHandler<Cloud> = {
  type: 'AWS::ApiGateway::BasePathMapping',
  properties: { DomainName: 'text', RestApiId: 'text', Stage: 'text' },
  required: ['DomainName', 'RestApiId', 'Stage'],
  createOnly: ['DomainName'],
  create: async (request, cloud) => map(request, cloud),
  update: async ({ request }, cloud) => map(request, cloud),
  async remove({ request }, { names }) {
    const { account, region, properties } = request;
    names.domain({ account, region, name: String(properties.DomainName) }).mapping = undefined;
  },
};

function map({ account, region, properties }: ResourceRequest, { names, restApis }: Cloud): Made {
  const name = String(properties.DomainName);
  const [apiId, stage] = [String(properties.RestApiId), String(properties.Stage)];
  const api = restApis.find(apiId);
  if (api.account !== account || api.region !== region || !api.stages.has(stage))
    throw new Error(`NotFoundException: the REST API ${apiId} has no stage ${stage} in ${account} ${region}`);
  names.domain({ account, region, name }).mapping = { apiId, stage };
  return { physicalId: `${name}|(none)`, attributes: {} };
}

export const healthCheck = keptResource({
  type: 'AWS::Route53::HealthCheck',
  properties: {
    HealthCheckConfig: {
      EnableSNI: 'boolean',
      FailureThreshold: 'number',
      FullyQualifiedDomainName: 'text',
      Inverted: 'boolean',
      MeasureLatency: 'boolean',
      Port: 'number',
      RequestInterval: 'number',
      ResourcePath: 'text',
      Type: 'text',
    },
    HealthCheckTags: tagsShape,
  },
  required: ['HealthCheckConfig'],
  createOnly: [],
  check({ properties }) {
    const {
      FailureThreshold = 3,
      RequestInterval = 30,
      FullyQualifiedDomainName,
    } = properties.HealthCheckConfig as Json;
    if (FullyQualifiedDomainName === undefined) throw new Error('HealthCheckConfig names nobody to ask');
    if (![10, 30].includes(Number(RequestInterval)))
      throw new Error(`RequestInterval ${String(RequestInterval)}: want 10 or 30`);
    if (Number(FailureThreshold) < 1 || Number(FailureThreshold) > 10)
      throw new Error(`FailureThreshold ${String(FailureThreshold)}: want 1 to 10`);
  },
  made(request) {
    const id = request.nameOf(64);
    return { physicalId: id, attributes: { HealthCheckId: id } };
  },
  key: ({ physicalId }) => `healthcheck/${physicalId}`,
});

/** What stands, by what was made: names alone do not tell latency records apart. */
const standing = new WeakMap<Made, NameRecord>();

export const recordSet: ResourceHandler<Cloud> = {
  type: 'AWS::Route53::RecordSet',
  properties: {
    AliasTarget: { DNSName: 'text', EvaluateTargetHealth: 'boolean', HostedZoneId: 'text' },
    Comment: 'text',
    HealthCheckId: 'text',
    HostedZoneId: 'text',
    Name: 'text',
    Region: 'text',
    ResourceRecords: ['text'],
    SetIdentifier: 'text',
    TTL: 'number',
    Type: 'text',
  },
  required: ['HostedZoneId', 'Name', 'Type'],
  createOnly: ['HostedZoneId', 'Name'],
  async create(request, cloud) {
    const record = readRecord(request, cloud);
    cloud.names.add(record);
    return madeOf(record);
  },
  async update({ from, request }, cloud) {
    const after = readRecord(request, cloud);
    const before = standing.get(from.made);
    if (before === undefined) throw new Error(`${after.name} does not stand`);
    cloud.names.change(before, after);
    return madeOf(after);
  },
  async remove({ made }, { names }) {
    const record = standing.get(made);
    if (record !== undefined) names.remove(record);
  },
};

function madeOf(record: NameRecord): Made {
  const made = { physicalId: record.name, attributes: {} };
  standing.set(made, record);
  return made;
}

function readRecord({ properties, account }: ResourceRequest, { names, kept }: Cloud): NameRecord {
  const { AliasTarget, HealthCheckId, HostedZoneId, Name, Region, ResourceRecords, SetIdentifier } =
    properties;
  const { TTL, Type } = properties;
  const name = withoutDot(Name);
  const zoneId = String(HostedZoneId);
  names.zoneFor(name, { zoneId, account });
  if (Type !== 'A' && Type !== 'CNAME') throw new Error(`Type ${String(Type)}: want A or CNAME`);
  if ((Region === undefined) !== (SetIdentifier === undefined))
    throw new Error('InvalidInput: Region and SetIdentifier come together or not at all');
  if (HealthCheckId !== undefined && !kept.has(`healthcheck/${String(HealthCheckId)}`))
    throw new Error(`InvalidInput: there is no health check ${String(HealthCheckId)}`);
  const common = { zoneId, name, region: textOf(Region), setIdentifier: textOf(SetIdentifier) };
  if (AliasTarget === undefined) {
    if (TTL === undefined || ResourceRecords === undefined)
      throw new Error('InvalidInput: a record has an AliasTarget, or ResourceRecords and a TTL');
    if (Type !== 'CNAME') throw new Error('addresses are not given here: an A record is an alias');
    return { ...common, type: Type, targets: (ResourceRecords as string[]).map(withoutDot) };
  }
  const { DNSName, HostedZoneId: targetZone } = AliasTarget as Json;
  const target = withoutDot(DNSName);
  const region = target.split('.')[2] ?? '';
  if (Type !== 'A' || TTL !== undefined || !names.isEndpoint(target) || targetZone !== zoneOfApis(region))
    throw new Error(`InvalidChangeBatch: an alias of type A leads to an endpoint, not to ${target}`);
  return { ...common, type: Type, targets: [target] };
}

const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));
