import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';

/** A name that leads to a published version. */
export const alias: ResourceHandler<Cloud> = {
  type: 'AWS::Lambda::Alias',
  properties: { Description: 'text', FunctionName: 'text', FunctionVersion: 'text', Name: 'text' },
  required: ['FunctionName', 'FunctionVersion', 'Name'],
  createOnly: ['FunctionName', 'Name'],
  async create(request, { functions }) {
    const arn = arnsOf(request, functions).alias;
    if (functions.alias(arn) !== undefined) throw new Error(`ResourceConflictException: ${arn} exists`);
    await functions.setAlias(arn, arnsOf(request, functions).version);
    return { physicalId: arn, attributes: { AliasArn: arn } };
  },
  async update({ from, request }, { functions }) {
    await functions.setAlias(from.made.physicalId, arnsOf(request, functions).version);
    return from.made;
  },
  async remove({ made }, { functions }) {
    functions.removeAlias(made.physicalId);
  },
};

function arnsOf(request: ResourceRequest, functions: Cloud['functions']) {
  const { FunctionName, FunctionVersion, Name } = request.properties;
  const arn = functions.arnOf(String(FunctionName), request);
  if (!/^\d+$/.test(String(FunctionVersion)))
    throw new Error(`FunctionVersion ${String(FunctionVersion)}: an alias leads here to a published version`);
  return { alias: `${arn}:${String(Name)}`, version: `${arn}:${String(FunctionVersion)}` };
}
