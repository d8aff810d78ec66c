import { createHash } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import type { ResourceHandler } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { tagsShape } from './kept-resource.ts';

/** A key is its policy here: nothing is encrypted, and everybody who would need it is judged. One that signs does. */
export const key: ResourceHandler<Cloud> = {
  type: 'AWS::KMS::Key',
  properties: {
    Description: 'text',
    EnableKeyRotation: 'boolean',
    Enabled: 'boolean',
    KeyPolicy: 'json',
    KeySpec: 'text',
    KeyUsage: 'text',
    MultiRegion: 'boolean',
    PendingWindowInDays: 'number',
    RotationPeriodInDays: 'number',
    Tags: tagsShape,
  },
  required: ['KeyPolicy'],
  createOnly: ['KeySpec', 'KeyUsage', 'MultiRegion'],
  async create(request, { aws, book }) {
    const digest = createHash('sha256').update(request.nameOf(255)).digest('hex');
    const id = [
      digest.slice(0, 8),
      digest.slice(8, 12),
      digest.slice(12, 16),
      digest.slice(16, 20),
      digest.slice(20, 32),
    ].join('-');
    const arn = `arn:aws:kms:${request.region}:${request.account}:key/${id}`;
    book.setResourcePolicy(arn, policyOf(request.properties));
    if (request.properties.KeyUsage === 'SIGN_VERIFY') aws.signingKeys.create(request, id);
    return { physicalId: id, attributes: { Arn: arn, KeyId: id } };
  },
  async update({ from, request }, { book }) {
    book.setResourcePolicy(from.made.attributes.Arn ?? '', policyOf(request.properties));
    return from.made;
  },
  async remove({ made }, { aws, book }) {
    aws.signingKeys.remove(made.attributes.Arn ?? '');
    book.setResourcePolicy(made.attributes.Arn ?? '', undefined);
  },
};

function policyOf({ KeyPolicy }: Json): Json {
  const policy = KeyPolicy as Json;
  if (Array.isArray(policy.Statement) && policy.Statement.length > 0) return policy;
  throw new Error('MalformedPolicyDocument: KeyPolicy has no Statement');
}
