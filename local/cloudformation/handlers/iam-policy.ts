import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';

/** What IAM takes of all inline policies of a role together, in characters without blanks. */
const inlineCharactersMax = 10_240;

/** A policy inside of roles. It is no thing of its own: it lives and goes with them. */
export const inlinePolicy: ResourceHandler<Cloud> = {
  type: 'AWS::IAM::Policy',
  properties: { PolicyDocument: 'json', PolicyName: 'text', Roles: ['text'] },
  required: ['PolicyDocument', 'PolicyName', 'Roles'],
  createOnly: ['PolicyName'],
  async create(request, cloud) {
    attach(request, cloud);
    return { physicalId: String(request.properties.PolicyName), attributes: {} };
  },
  async update({ from, request }, cloud) {
    detach(from.request, cloud);
    attach(request, cloud);
    return from.made;
  },
  async remove({ request }, cloud) {
    detach(request, cloud);
  },
};

function attach(request: ResourceRequest, { book }: Cloud): void {
  const { PolicyDocument, PolicyName } = request.properties;
  const characters = JSON.stringify(PolicyDocument).length;
  if (characters > inlineCharactersMax) {
    throw new Error(
      `LimitExceeded: ${String(PolicyName)} holds ${characters} characters, at most ${inlineCharactersMax}`,
    );
  }
  for (const role of rolesOf(request)) book.attach(role, String(PolicyName), PolicyDocument as Json);
}

function detach(request: ResourceRequest, { book }: Cloud): void {
  for (const role of rolesOf(request)) book.detach(role, String(request.properties.PolicyName));
}

/** Policies name roles, which in our templates have no path. */
export function rolesOf({ account, properties }: ResourceRequest): string[] {
  return ((properties.Roles ?? []) as string[]).map((name) => `arn:aws:iam::${account}:role/${name}`);
}
