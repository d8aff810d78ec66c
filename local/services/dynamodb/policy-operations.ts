import { randomUUID } from 'node:crypto';
import * as client from '@aws-sdk/client-dynamodb';
import type { CallContext, Operation } from '../../service.ts';
import { InvalidInput } from '../../wire/wire-error.ts';
import { checkPolicy } from './resource-policy.ts';
import { isTableArn, type TableAddress } from './table-address.ts';
import type { TableSettings } from './table-book.ts';
import type { Tables } from './tables.ts';

/** Resource policies of tables: what lets other accounts in. */
export function policyOperations(tables: Tables): Record<string, Operation> {
  return {
    PutResourcePolicy: (input, context) => putPolicy(tables, input, context),
    GetResourcePolicy: (input, context) => getPolicy(tables, input, context),
    DeleteResourcePolicy: (input, context) => deletePolicy(tables, input, context),
  };
}

/** AWS's revision ids are numbers as text. */
export function newRevision(): string {
  return BigInt(`0x${randomUUID().replaceAll('-', '').slice(0, 15)}`).toString();
}

async function putPolicy(
  tables: Tables,
  input: client.PutResourcePolicyCommandInput,
  context: CallContext,
): Promise<Partial<client.PutResourcePolicyCommandOutput>> {
  const address = await reachTable(tables, input.ResourceArn, context);
  const text = input.Policy ?? '';
  const problems = checkPolicy(text, tables.isGuarded);
  if (problems.length > 0) throw new InvalidInput(problems);
  const settings = tables.book.of(address);
  checkRevision(settings, input.ExpectedRevisionId);
  if (settings.policy?.text === text) return { RevisionId: settings.policy.revisionId };
  settings.policy = { text, revisionId: newRevision() };
  return { RevisionId: settings.policy.revisionId };
}

async function getPolicy(
  tables: Tables,
  input: client.GetResourcePolicyCommandInput,
  context: CallContext,
): Promise<Partial<client.GetResourcePolicyCommandOutput>> {
  const address = await reachTable(tables, input.ResourceArn, context);
  const { policy } = tables.book.of(address);
  if (policy === undefined) throw policyNotFound(`Resource-based policy not found for ${input.ResourceArn}`);
  return { Policy: policy.text, RevisionId: policy.revisionId };
}

async function deletePolicy(
  tables: Tables,
  input: client.DeleteResourcePolicyCommandInput,
  context: CallContext,
): Promise<Partial<client.DeleteResourcePolicyCommandOutput>> {
  const address = await reachTable(tables, input.ResourceArn, context);
  const settings = tables.book.of(address);
  checkRevision(settings, input.ExpectedRevisionId);
  const removed = settings.policy?.revisionId;
  settings.policy = undefined;
  return removed === undefined ? {} : { RevisionId: removed };
}

async function reachTable(
  tables: Tables,
  arn: string | undefined,
  context: CallContext,
): Promise<TableAddress> {
  if (!isTableArn(arn ?? '')) throw new InvalidInput([`ResourceArn '${arn}' must be the ARN of a table`]);
  const address = tables.reach(arn, context);
  await tables.describe(address);
  return address;
}

function checkRevision({ policy }: TableSettings, expected: string | undefined): void {
  if (expected === undefined) return;
  const matches = expected === 'NO_POLICY' ? policy === undefined : policy?.revisionId === expected;
  if (!matches) throw policyNotFound(`The policy is not at revision ${expected}`);
}

function policyNotFound(message: string): client.PolicyNotFoundException {
  return new client.PolicyNotFoundException({ message, $metadata: {} });
}
