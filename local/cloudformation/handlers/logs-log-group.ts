import { keptResource, tagsShape } from './kept-resource.ts';

/** The days that CloudWatch Logs keeps for, and no others. */
const retentionDays = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

export const logGroup = keptResource({
  type: 'AWS::Logs::LogGroup',
  properties: {
    LogGroupName: 'text',
    RetentionInDays: 'number',
    KmsKeyId: 'text',
    LogGroupClass: 'text',
    Tags: tagsShape,
  },
  required: [],
  createOnly: ['LogGroupName', 'LogGroupClass'],
  check({ properties: { RetentionInDays } }) {
    if (RetentionInDays === undefined || retentionDays.has(Number(RetentionInDays))) return;
    throw new Error(`RetentionInDays ${String(RetentionInDays)} is none that CloudWatch Logs knows`);
  },
  made(request) {
    const name = String(request.properties.LogGroupName ?? request.nameOf(128));
    return {
      physicalId: name,
      attributes: { Arn: `arn:aws:logs:${request.region}:${request.account}:log-group:${name}:*` },
    };
  },
});
