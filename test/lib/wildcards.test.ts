import { describe, expect, it } from 'vitest';
import { deployments } from '#test/lib/deployments.ts';
import { synthesized } from '#test/lib/synthesized.ts';

/** Where a policy may say `*`, by the type of resource that holds it, the statement's id and what stands there: why. */
const reasons: Readonly<Record<string, string>> = {
  'AWS::IAM::Policy BecomeBootstrapRoles':
    'The CDK’s roles of named accounts, in each of their regions: one by one they would not fit into a role.',
  'AWS::IAM::Policy HandOnArtifacts':
    'CodePipeline names what stages hand on. Below one bucket that holds nothing else.',
  'AWS::IAM::Policy TakeArtifacts':
    'CodePipeline names what stages hand on. Below one bucket that holds nothing else.',
  'AWS::IAM::Policy KeepBatchFiles':
    'Objects of files and batches: ids are made with them. Below two prefixes of one bucket.',
  'AWS::IAM::Policy AddRoots':
    'Signed roots: named by their numbers and times. Below one prefix of one bucket.',
  'AWS::IAM::Policy UseGatewayKeys':
    'Keys by their alias: ids are chosen when they are made. Through DynamoDB alone.',
  'AWS::IAM::Policy WriteSegments':
    'Segments of the audit trail: named by their numbers. Below one prefix of one bucket.',
  'AWS::IAM::Policy LogInToEcr': 'ecr:GetAuthorizationToken knows no resource.',
  'AWS::IAM::Policy PutHostMetrics': 'PutMetricData knows no resource; bound to SageMaker’s namespaces.',
  'AWS::IAM::Policy PutMetrics': 'PutMetricData knows no resource; bound to one namespace.',
  'AWS::IAM::Policy ReadCatalogue':
    'Lists of Bedrock and Service Quotas know no resource; bound to one region.',
  'AWS::IAM::Policy ReadWeights': 'Files of one model: below one folder of one bucket.',
  'AWS::IAM::Policy UseStateKeys':
    'A key’s id is chosen when it is made; bound to one alias, one account and DynamoDB.',
};

/** In these policies `*` means the very resource that carries them, and nothing else can be meant. */
const RESOURCE_IS_ITSELF = new Set(['AWS::ApiGateway::RestApi', 'AWS::KMS::Key', 'AWS::Oam::Sink']);

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: unknown;
  readonly Resource?: unknown;
}

interface Found {
  readonly stack: string;
  readonly type: string;
  readonly statement: Statement;
}

/** Every statement of every policy in a template, wherever it stands. */
function statementsIn(value: unknown): readonly Statement[] {
  if (Array.isArray(value)) return value.flatMap(statementsIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('Effect' in value && ('Action' in value || 'NotAction' in value)) return [value as Statement];
  return Object.values(value).flatMap(statementsIn);
}

function statementsOf(name: string): readonly Found[] {
  const { assembly } = synthesized(deployments[name]?.());
  return assembly.stacks.flatMap((stack) =>
    Object.values<{ Type: string; Properties?: unknown }>(stack.template.Resources).flatMap(
      ({ Type, Properties }) =>
        statementsIn(Properties).map((statement) => ({ stack: stack.hierarchicalId, type: Type, statement })),
    ),
  );
}

const hasStar = (value: unknown): boolean => JSON.stringify(value ?? '').includes('*');
const all = Object.keys(deployments).flatMap(statementsOf);
const allowing = all.filter(({ statement }) => statement.Effect === 'Allow');

describe('the policies of every template', () => {
  it('are many, and leave nothing out by saying what is not meant', () => {
    expect(allowing.length).toBeGreaterThan(500);
    expect(all.filter(({ statement }) => 'NotAction' in statement || 'NotResource' in statement)).toEqual([]);
  });

  it('allow no action by a pattern, neither of roles nor of what resources let others do', () => {
    const loose = allowing
      .filter(({ statement }) => hasStar(statement.Action))
      .map(
        ({ stack, type, statement }) =>
          `${stack} ${type} ${statement.Sid}: ${JSON.stringify(statement.Action)}`,
      );
    expect([...new Set(loose)]).toEqual([]);
  });

  it('name every resource but where AWS has no name for it, each with its reason', () => {
    const stars = allowing
      .filter(({ type, statement }) => hasStar(statement.Resource) && !RESOURCE_IS_ITSELF.has(type))
      // The identity of a role, in itself or in a managed policy.
      .map(({ type, statement }) => `${type.replace('ManagedPolicy', 'Policy')} ${statement.Sid}`);
    expect([...new Set(stars)].filter((key) => !(key in reasons))).toEqual([]);
    // A reason that nothing needs any more goes.
    expect(Object.keys(reasons).filter((key) => !stars.includes(key))).toEqual([]);
  });
});
