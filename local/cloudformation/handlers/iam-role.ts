import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { managedPolicyOf } from './iam-managed-policy.ts';
import { tagsShape } from './kept-resource.ts';

/** IAM's own limit. */
const roleNameCharactersMax = 64;

export const role: ResourceHandler<Cloud> = {
  type: 'AWS::IAM::Role',
  properties: {
    AssumeRolePolicyDocument: 'json',
    Description: 'text',
    ManagedPolicyArns: ['text'],
    MaxSessionDuration: 'number',
    Path: 'text',
    Policies: [{ PolicyDocument: 'json', PolicyName: 'text' }],
    RoleName: 'text',
    Tags: tagsShape,
  },
  required: ['AssumeRolePolicyDocument'],
  createOnly: ['RoleName', 'Path'],
  async create(request, cloud) {
    const { arn, name } = namesOf(request);
    if (cloud.book.role(arn) !== undefined) throw new Error(`EntityAlreadyExists: ${arn}`);
    write(request, arn, cloud);
    return { physicalId: name, attributes: { Arn: arn, RoleId: `AROA${request.account}` } };
  },
  async update({ from, request }, cloud) {
    const { arn } = namesOf(request);
    for (const policy of policiesOf(from.request, cloud)) cloud.book.detach(arn, policy.name);
    write(request, arn, cloud);
    return from.made;
  },
  async remove({ made }, { book }) {
    book.removeRole(made.attributes.Arn ?? '');
  },
};

function namesOf(request: ResourceRequest): { arn: string; name: string } {
  const { RoleName, Path = '/' } = request.properties;
  const name = String(RoleName ?? request.nameOf(roleNameCharactersMax));
  if (name.length > roleNameCharactersMax)
    throw new Error(`RoleName ${name} is longer than ${roleNameCharactersMax}`);
  return { name, arn: `arn:aws:iam::${request.account}:role${String(Path)}${name}` };
}

function write(request: ResourceRequest, arn: string, cloud: Cloud): void {
  const { AssumeRolePolicyDocument } = request.properties;
  const trust = AssumeRolePolicyDocument as Json;
  if (!Array.isArray(trust.Statement))
    throw new Error('MalformedPolicyDocument: AssumeRolePolicyDocument has no Statement');
  const policies = policiesOf(request, cloud);
  cloud.book.addRole(arn, request.account, trust);
  for (const { name, policy } of policies) cloud.book.attach(arn, name, policy);
}

function policiesOf({ properties }: ResourceRequest, cloud: Cloud): { name: string; policy: Json }[] {
  const inline = (properties.Policies ?? []) as { PolicyName: string; PolicyDocument: Json }[];
  const managed = (properties.ManagedPolicyArns ?? []) as string[];
  return [
    ...inline.map(({ PolicyName, PolicyDocument }) => ({ name: PolicyName, policy: PolicyDocument })),
    ...managed.map((arn) => ({ name: arn, policy: managedPolicyOf(arn, cloud) })),
  ];
}
