import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** A managed policy holds 6,144 characters; the rest is room for what stands around the statements. */
const STATEMENT_CHARACTERS_MAX = 5_500;

export interface SizedStatement {
  /** Only the first part carries it: a policy may hold each id once. */
  readonly sid?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * One statement, or several with the same meaning where one would not fit into a managed policy.
 * Nothing else cuts a statement: what does not fit is refused by IAM at deployment, not at synth.
 */
export function sizedStatements(statement: SizedStatement): readonly PolicyStatement[] {
  const { sid, actions, resources, conditions = {} } = statement;
  const frame = JSON.stringify({ sid, actions, conditions, effect: 'Allow' }).length;
  return parts(resources, STATEMENT_CHARACTERS_MAX - frame).map(
    (part, index) =>
      new PolicyStatement({
        ...(sid === undefined || index > 0 ? {} : { sid }),
        actions: [...actions],
        resources: [...part],
        conditions: { ...conditions },
      }),
  );
}

/** In order, each part as full as it may be; a part holds one resource at least. */
function parts(resources: readonly string[], charactersMax: number): readonly (readonly string[])[] {
  const filled: string[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const resource of resources) {
    const length = JSON.stringify(resource).length + 1;
    characters += length;
    if (characters > charactersMax) {
      filled.push([]);
      characters = length;
    }
    filled.at(-1)?.push(resource);
  }
  return filled;
}
