/** Policies that stand on a queue or a bucket. The stand-in keeps none itself: the judge of its calls does. */
import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Shape } from '../shape.ts';
import type { Json } from '../template.ts';

function policyResource(
  type: string,
  properties: { readonly [name: string]: Shape },
  arnsOf: (request: ResourceRequest) => readonly string[],
): ResourceHandler<Cloud> {
  const set = (request: ResourceRequest, { book }: Cloud, policy: Json | undefined): void => {
    for (const arn of arnsOf(request)) book.setResourcePolicy(arn, policy);
  };
  return {
    type,
    properties: { ...properties, PolicyDocument: 'json' },
    required: ['PolicyDocument', ...Object.keys(properties)],
    createOnly: [],
    async create(request, cloud) {
      for (const arn of arnsOf(request)) {
        if (cloud.book.resourcePolicy(arn) !== undefined) throw new Error(`${arn} has a policy already`);
      }
      set(request, cloud, request.properties.PolicyDocument as Json);
      return { physicalId: request.nameOf(64), attributes: {} };
    },
    async update({ from, request }, cloud) {
      set(from.request, cloud, undefined);
      set(request, cloud, request.properties.PolicyDocument as Json);
      return from.made;
    },
    async remove({ request }, cloud) {
      set(request, cloud, undefined);
    },
  };
}

/** A queue is named by its URL, whose region is the stack's. */
export const queuePolicy = policyResource(
  'AWS::SQS::QueuePolicy',
  { Queues: ['text'] },
  ({ region, properties }) =>
    (properties.Queues as string[]).map((url) => {
      const [account, name] = url.split('/').slice(-2);
      return `arn:aws:sqs:${region}:${account}:${name}`;
    }),
);

export const bucketPolicy = policyResource('AWS::S3::BucketPolicy', { Bucket: 'text' }, ({ properties }) => [
  `arn:aws:s3:::${String(properties.Bucket)}`,
]);
