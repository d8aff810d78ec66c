import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { rolesOf } from './iam-policy.ts';

/** What IAM takes of one managed policy, in characters without blanks. */
const managedCharactersMax = 6144;

export const managedPolicy: ResourceHandler<Cloud> = {
  type: 'AWS::IAM::ManagedPolicy',
  properties: {
    Description: 'text',
    ManagedPolicyName: 'text',
    Path: 'text',
    PolicyDocument: 'json',
    Roles: ['text'],
  },
  required: ['PolicyDocument'],
  createOnly: ['ManagedPolicyName', 'Path', 'Description'],
  async create(request, cloud) {
    const arn = arnOf(request);
    attach(request, arn, cloud);
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },
  async update({ from, request }, cloud) {
    detach(from.request, from.made.physicalId, cloud);
    attach(request, from.made.physicalId, cloud);
    return from.made;
  },
  async remove({ request, made }, cloud) {
    detach(request, made.physicalId, cloud);
    cloud.book.setManaged(made.physicalId, undefined);
  },
};

function arnOf(request: ResourceRequest): string {
  const { ManagedPolicyName, Path = '/' } = request.properties;
  return `arn:aws:iam::${request.account}:policy${String(Path)}${String(ManagedPolicyName ?? request.nameOf(128))}`;
}

function attach(request: ResourceRequest, arn: string, { book }: Cloud): void {
  const { PolicyDocument } = request.properties;
  const characters = JSON.stringify(PolicyDocument).length;
  if (characters > managedCharactersMax) {
    throw new Error(`LimitExceeded: ${arn} holds ${characters} characters, at most ${managedCharactersMax}`);
  }
  book.setManaged(arn, PolicyDocument as Json);
  for (const role of rolesOf(request)) book.attach(role, arn, PolicyDocument as Json);
}

function detach(request: ResourceRequest, arn: string, { book }: Cloud): void {
  for (const role of rolesOf(request)) book.detach(role, arn);
}

/** One of this deployment, or one of AWS's own that our templates use. @throws an Error for any other */
export function managedPolicyOf(arn: string, { book }: Cloud): Json {
  const found = book.managed(arn) ?? ofAws[arn];
  if (found === undefined) throw new Error(`NoSuchEntity: the managed policy ${arn} is not known here`);
  return found;
}

/** As AWS's reference of managed policies prints them. */
const ofAws: Readonly<Record<string, Json>> = {
  'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogGroups',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
          'logs:GetLogEvents',
          'logs:FilterLogEvents',
        ],
        Resource: '*',
      },
    ],
  },
};
