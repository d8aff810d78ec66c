import { describe, expect, it } from 'vitest';
import { policyCharacters } from '#lib/policy-characters.ts';

const of = (text: string) => JSON.stringify({ Resource: text }).length;
const resources = { Named: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'acme-bulk' } } };
const characters = (Resource: unknown) => policyCharacters({ Resource }, resources);

describe('policyCharacters', () => {
  it('counts what stands there, without white space', () => {
    expect(policyCharacters({ Statement: [{ Sid: 'Call' }] })).toBe('{"Statement":[{"Sid":"Call"}]}'.length);
    expect(policyCharacters(undefined)).toBe(2);
  });

  it('counts an ARN whose name the template gives by that name', () => {
    expect(characters({ 'Fn::GetAtt': ['Named', 'Arn'] })).toBe(
      of('arn:aws:dynamodb:ap-northeast-1:111111111111:log-group:acme-bulk'),
    );
  });

  it('counts what only a deployment knows as long as it may be', () => {
    const unknown = 'x'.repeat(128);
    expect(characters({ 'Fn::GetAtt': ['Queue', 'Arn'] })).toBe(of(unknown));
    expect(characters({ 'Fn::ImportValue': 'Other' })).toBe(of(unknown));
    expect(characters({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { Ref: 'Q' }]] })).toBe(
      of(`arn:aws:${unknown}`),
    );
  });
});
