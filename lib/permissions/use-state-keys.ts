import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { stateKeyAlias } from '#contract/resources.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { tableKeyActions, throughDynamoDb } from '../constructs/key-policy.ts';

/**
 * Reading and writing tables of the home account under their keys, in these regions.
 *
 * A key has no name that a role of another account could say before it is made, so the keys are told by their alias:
 * of all keys of the home account those that carry it, and those through DynamoDB alone. Keys of one's own have their ARN.
 */
export function grantUseStateKeys(
  grantee: IGrantable & IConstruct,
  { name, home, state }: SpillwayConfig,
  regions: readonly string[],
): void {
  const distinct = [...new Set(regions)].sort();
  const byAlias = distinct.filter((region) => state.keys[region] === undefined);
  const allow = (sid: string, resources: readonly string[], conditions: Readonly<Record<string, unknown>>) =>
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ sid, actions: [...tableKeyActions], resources: [...resources], conditions }),
    );
  const withOwn = distinct.filter((region) => state.keys[region] !== undefined);
  const own = withOwn.flatMap((region) => state.keys[region] ?? []);
  if (own.length > 0) allow('UseOwnKeys', own, throughDynamoDb(withOwn));
  if (byAlias.length === 0) return;
  const resources = byAlias.map((region) => `arn:aws:kms:${region}:${home.account}:key/*`);
  allow('UseStateKeys', resources, {
    ...throughDynamoDb(byAlias),
    'ForAnyValue:StringEquals': { 'kms:ResourceAliases': stateKeyAlias(name) },
  });
  const reason =
    'The key’s id is chosen when it is made; the alias in the condition says which key is meant.';
  acknowledge(
    grantee,
    Object.fromEntries(resources.map((arn) => [`AwsSolutions-IAM5[Resource::${arn}]`, reason])),
  );
}
