import type { Cloud } from '../cloud.ts';
import type { ResourceHandler } from '../resource-handler.ts';

/** A function as it is now, under a number: nothing of it changes any more. */
export const version: ResourceHandler<Cloud> = {
  type: 'AWS::Lambda::Version',
  properties: { Description: 'text', FunctionName: 'text' },
  required: ['FunctionName'],
  createOnly: ['FunctionName', 'Description'],
  async create(request, { functions }) {
    const arn = functions.arnOf(String(request.properties.FunctionName), request);
    const number = functions.publish(arn);
    const physicalId = `${arn}:${number}`;
    return { physicalId, attributes: { Version: number, FunctionArn: physicalId } };
  },
  remove: ({ made }, { functions }) => functions.removeVersion(made.physicalId),
};
