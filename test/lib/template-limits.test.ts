import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { type TemplateJson, TemplateLimits } from '#lib/template-limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const many = <Of extends object>(count: number, of: Of) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Name${index}`, of]));
const statement = (characters: number) => ({ Statement: [{ Sid: 'x'.repeat(characters) }] });
const AROUND_SID = JSON.stringify(statement(0)).length;

/** What the check says about a template, as `description` and the resource that it names. */
function findings(template: TemplateJson): readonly string[] {
  const templatePath = join(folder, 'template.json');
  writeFileSync(templatePath, JSON.stringify(template));
  const stack = { templatePath, stackConstructPath: 'Stack', accountId: undefined, region: undefined };
  const report = new TemplateLimits().validate({
    stackTemplates: [stack],
    templatePaths: [templatePath],
    appConstruct: new App(),
  });
  expect(report.success).toBe(report.violations.length === 0);
  return report.violations.map(
    ({ description, violatingResources: [resource] }) =>
      `${resource?.resourceLogicalId ?? resource?.constructPath}: ${description}`,
  );
}

const policy = (Type: string, property: string, characters: number): TemplateJson => ({
  Resources: { Policy: { Type, Properties: { [property]: statement(characters - AROUND_SID) } } },
});

describe('TemplateLimits', () => {
  it('takes what is as large as it may be', () => {
    expect(findings({ Resources: many(500, { Type: 'A' }), Outputs: many(200, {}) })).toEqual([]);
    expect(findings(policy('AWS::IAM::ManagedPolicy', 'PolicyDocument', 6_144))).toEqual([]);
  });

  it('names what is one too large, how large it is and how large it may be', () => {
    expect(findings({ Resources: many(501, { Type: 'A' }) })).toEqual([
      'Stack: resources: 501, AWS takes 500',
    ]);
    expect(findings({ Outputs: many(201, {}) })).toEqual(['Stack: outputs: 201, AWS takes 200']);
    expect(findings({ Parameters: many(201, {}) })).toEqual(['Stack: parameters: 201, AWS takes 200']);
    expect(findings({ Outputs: { Name: { Value: 'x'.repeat(1_000_000) } } })).toEqual([
      expect.stringMatching(/^Stack: bytes of the template: 10000\d\d, AWS takes 1000000$/),
    ]);
  });

  it.each([
    ['AWS::IAM::ManagedPolicy', 'PolicyDocument', 6_144],
    ['AWS::IAM::Role', 'AssumeRolePolicyDocument', 2_048],
    ['AWS::KMS::Key', 'KeyPolicy', 32_768],
    ['AWS::S3::BucketPolicy', 'PolicyDocument', 20_480],
    ['AWS::SQS::QueuePolicy', 'PolicyDocument', 8_192],
    ['AWS::ApiGateway::RestApi', 'Policy', 8_192],
  ])('holds %s to %s of its length', (type, property, max) => {
    expect(findings(policy(type, property, max))).toEqual([]);
    expect(findings(policy(type, property, max + 1))).toEqual([
      `Policy: characters of ${type} ${property}: ${max + 1}, AWS takes ${max}`,
    ]);
  });

  it('adds up all policies in a role, and counts those that are attached to it', () => {
    const inline = (characters: number) => ({
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: statement(characters - AROUND_SID) },
    });
    const other = {
      ...inline(9_000),
      Properties: { ...inline(9_000).Properties, Roles: [{ Ref: 'Other' }] },
    };
    const role = { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: Array(21).fill('arn') } };
    expect(findings({ Resources: { Role: role, A: inline(5_121), B: inline(5_120), C: other } })).toEqual([
      'Role: characters of inline policies of a role: 10241, AWS takes 10240',
      'Role: managed policies on a role: 21, AWS takes 20',
    ]);
  });

  it('holds the policy of each replica of a table to its length', () => {
    const replica = (characters: number) => ({
      ResourcePolicy: { PolicyDocument: statement(characters - AROUND_SID) },
    });
    const Properties = { Replicas: [replica(20_480), {}, replica(20_481)] };
    expect(findings({ Resources: { Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties } } })).toEqual([
      'Table: characters of a table policy: 20481, AWS takes 20480',
    ]);
  });
});
