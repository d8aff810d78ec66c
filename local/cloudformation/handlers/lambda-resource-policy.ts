import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';

/** The whole of a function's own policy, in the place of single permissions. */
export const lambdaPolicy: ResourceHandler<Cloud> = {
  type: 'AWS::Lambda::ResourcePolicy',
  properties: { PolicyDocument: 'json', ResourceArn: 'text' },
  required: ['PolicyDocument', 'ResourceArn'],
  createOnly: ['ResourceArn'],
  async create(request, cloud) {
    const arn = String(request.properties.ResourceArn);
    cloud.functions.find(arn);
    if (cloud.book.resourcePolicy(arn) !== undefined) throw new Error(`${arn} has a policy already`);
    cloud.book.setResourcePolicy(arn, policyOf(request));
    return { physicalId: arn, attributes: {} };
  },
  async update({ from, request }, { book }) {
    book.setResourcePolicy(from.made.physicalId, policyOf(request));
    return from.made;
  },
  async remove({ made }, { book }) {
    book.setResourcePolicy(made.physicalId, undefined);
  },
};

function policyOf({ properties }: ResourceRequest): Json {
  const policy = properties.PolicyDocument as Json;
  const statements = policy.Statement as { Sid?: string; Resource?: unknown }[] | undefined;
  if (!Array.isArray(statements) || statements.length === 0)
    throw new Error('InvalidParameterValueException: PolicyDocument has no Statement');
  const other = statements.find(({ Resource }) => Resource !== properties.ResourceArn);
  if (other === undefined) return policy;
  throw new Error(
    `InvalidParameterValueException: the statement ${other.Sid} is about ${String(other.Resource)}, not about ${String(properties.ResourceArn)}`,
  );
}
