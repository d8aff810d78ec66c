/** Sinks that take in the metrics of other accounts, and links that lead there. No metric flows here; who may link is judged. */
import { createHash } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { accountOf, regionOf } from '../parts/service-access.ts';
import type { Made, ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { keptResource } from './kept-resource.ts';

export const sink: ResourceHandler<Cloud> = {
  type: 'AWS::Oam::Sink',
  properties: { Name: 'text', Policy: 'json', Tags: 'json' },
  required: ['Name'],
  createOnly: ['Name'],
  async create(request, cloud) {
    const made = madeSink(request);
    const { account, region } = request;
    // An account has one sink in a region.
    const other = [...cloud.kept.keys()].find((arn) =>
      arn.startsWith(`arn:aws:oam:${region}:${account}:sink/`),
    );
    if (other !== undefined) throw new Error(`ConflictException: ${other} stands in ${region} already`);
    keep(request, made, cloud);
    return made;
  },
  async update({ from, request }, cloud) {
    keep(request, from.made, cloud);
    return from.made;
  },
  async remove({ made }, { kept, book }) {
    kept.delete(made.physicalId);
    book.setResourcePolicy(made.physicalId, undefined);
  },
};

function madeSink({ account, region, properties }: ResourceRequest): Made {
  const arn = sinkArn({ account, region, name: String(properties.Name) });
  return { physicalId: arn, attributes: { Arn: arn } };
}

/** In AWS its end is drawn by lot; here it follows from the name, so that a configuration can say it before. */
export function sinkArn(of: {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}): string {
  const id = createHash('sha256').update(`${of.account}/${of.region}/${of.name}`).digest('hex').slice(0, 32);
  return `arn:aws:oam:${of.region}:${of.account}:sink/${id}`;
}

function keep({ properties }: ResourceRequest, { physicalId }: Made, { kept, book }: Cloud): void {
  const policy = properties.Policy as Json | undefined;
  if (policy !== undefined && !Array.isArray(policy.Statement))
    throw new Error('ValidationException: Policy has no Statement');
  kept.set(physicalId, properties);
  book.setResourcePolicy(physicalId, policy);
}

export const link = keptResource({
  type: 'AWS::Oam::Link',
  properties: {
    LabelTemplate: 'text',
    LinkConfiguration: { MetricConfiguration: { Filter: 'text' } },
    ResourceTypes: ['text'],
    SinkIdentifier: 'text',
    Tags: 'json',
  },
  required: ['ResourceTypes', 'SinkIdentifier'],
  createOnly: ['SinkIdentifier'],
  async check(request, { kept, access }) {
    const { account, region, properties } = request;
    const arn = String(properties.SinkIdentifier);
    if (!kept.has(arn) || regionOf(arn) !== region)
      throw new Error(`ResourceNotFoundException: there is no sink ${arn} in ${region}`);
    if (accountOf(arn) === account)
      throw new Error(`ValidationException: the sink ${arn} is of this account`);
    const context = { 'oam:ResourceTypes': properties.ResourceTypes as string[] };
    const question = { action: 'oam:CreateLink', resource: arn, account: accountOf(arn), context };
    if (await access.letsAdministrator(account, question, region)) return;
    throw new Error(
      `AccessDeniedException: the sink ${arn} does not let ${account} link ${String(properties.ResourceTypes)}`,
    );
  },
  made(request) {
    const arn = `arn:aws:oam:${request.region}:${request.account}:link/${request.nameOf(36)}`;
    return { physicalId: arn, attributes: { Arn: arn } };
  },
});
