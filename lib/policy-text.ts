import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Statements as one would write them by hand, in AWS's own partition: for a person who must put them somewhere. */
export function policyText(scope: IConstruct, statements: readonly PolicyStatement[]): string {
  const resolved: unknown = Stack.of(scope).resolve(
    statements.map((statement) => statement.toStatementJson()),
  );
  return JSON.stringify(resolved, (_, value: unknown) => joined(value));
}

/** `Fn::Join` of texts and the partition, which is all that principals of accounts are made of. */
function joined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('Fn::Join' in value)) return value;
  const [separator, parts] = value['Fn::Join'] as [string, readonly (string | { readonly Ref: string })[]];
  return parts.map((part) => (typeof part === 'string' ? part : 'aws')).join(separator);
}
