import { type DeployedResource, numberOf, textOf } from './deployed-stack.ts';

const FUNCTION_TYPE = 'AWS::Lambda::Function';
/** CloudFormation's own where a template names none. */
const MEMORY_MEBIBYTES_DEFAULT = 128;
const TIMEOUT_SECONDS_DEFAULT = 3;
const MS_PER_SECOND = 1_000;

export interface BilledFunction {
  readonly logicalId: string;
  /** `discover`, `plan`: its name without the deployment's. */
  readonly kind: string;
  readonly memoryMebibytes: number;
  readonly timeoutMs: number;
}

/** The functions of a stack, by their names inside the template. */
export function functionsOf(
  resources: readonly DeployedResource[],
  deployment: string,
): ReadonlyMap<string, BilledFunction> {
  const functions = resources.filter(({ type }) => type === FUNCTION_TYPE);
  return new Map(
    functions.map(({ logicalId, properties }) => [
      logicalId,
      {
        logicalId,
        kind: (textOf(properties, 'FunctionName') ?? logicalId).replace(`${deployment}-`, ''),
        memoryMebibytes: numberOf(properties, 'MemorySize') ?? MEMORY_MEBIBYTES_DEFAULT,
        timeoutMs: (numberOf(properties, 'Timeout') ?? TIMEOUT_SECONDS_DEFAULT) * MS_PER_SECOND,
      },
    ]),
  );
}
