import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts findings of the static checks on a construct and what it holds, each by its own id with its own reason. */
export function acknowledge(scope: IConstruct, reasonsById: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasonsById)) Validations.of(scope).acknowledge({ id, reason });
}
