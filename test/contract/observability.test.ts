import { describe, expect, it } from 'vitest';
import { observabilitySchema } from '#contract/observability.ts';

const arn = (region: string): string => `arn:aws:oam:${region}:111111111111:sink/1c72e9ec-0000`;

describe('the observability of a configuration', () => {
  it('calls nobody and links nothing unless it says otherwise', () => {
    expect(observabilitySchema.parse({})).toEqual({ dashboards: true, createSinks: false, sinks: {} });
  });

  it.each([
    [{ alarmTopic: 'arn:aws:sns:us-east-1:1:a' }, ['alarmTopic'], 'the name of an SNS topic'],
    [{ createSinks: 'yes' }, ['createSinks'], 'must be true or false'],
    [{ sinks: { 'eu-west-1': 'sink-1' } }, ['sinks', 'eu-west-1'], 'must be the ARN of a sink'],
    [
      { sinks: { 'eu-west-1': arn('eu-west-3') } },
      ['sinks', 'eu-west-1'],
      'must be a sink of eu-west-1, got one of eu-west-3',
    ],
  ])('refuses %j', (given, path, message) => {
    const [issue] = observabilitySchema.safeParse(given).error?.issues ?? [];
    expect(issue?.path).toEqual(path);
    expect(issue?.message).toContain(message);
  });

  it('tells of every sink that is wrong at once', () => {
    const sinks = { 'eu-west-1': arn('eu-west-3'), 'us-east-1': arn('us-east-2') };
    expect(observabilitySchema.safeParse({ sinks }).error?.issues).toHaveLength(2);
  });
});
