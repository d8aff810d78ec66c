import { keptResource, tagsShape } from './kept-resource.ts';

/** CloudWatch's limit. */
const RULE_LENGTH_MAX = 10_240;

export const compositeAlarm = keptResource({
  type: 'AWS::CloudWatch::CompositeAlarm',
  properties: {
    ActionsEnabled: 'boolean',
    ActionsSuppressor: 'text',
    ActionsSuppressorExtensionPeriod: 'number',
    ActionsSuppressorWaitPeriod: 'number',
    AlarmActions: ['text'],
    AlarmDescription: 'text',
    AlarmName: 'text',
    AlarmRule: 'text',
    InsufficientDataActions: ['text'],
    OKActions: ['text'],
    Tags: tagsShape,
  },
  required: ['AlarmRule'],
  createOnly: ['AlarmName'],
  check({ properties: { AlarmRule } }, { kept }) {
    const rule = String(AlarmRule);
    if (rule.length > RULE_LENGTH_MAX)
      throw new Error(`AlarmRule has more than ${RULE_LENGTH_MAX} characters`);
    // CloudWatch takes no rule about an alarm that is not there.
    for (const [, name = ''] of rule.matchAll(/(?:ALARM|OK|INSUFFICIENT_DATA)\("?([^")]+)"?\)/g)) {
      const found = [...kept.keys()].some((arn) => arn === name || arn.endsWith(`:alarm:${name}`));
      if (!found) throw new Error(`AlarmRule: there is no alarm ${name}`);
    }
  },
  made(request) {
    const name = String(request.properties.AlarmName ?? request.nameOf(255));
    return {
      physicalId: name,
      attributes: { Arn: `arn:aws:cloudwatch:${request.region}:${request.account}:alarm:${name}` },
    };
  },
});
