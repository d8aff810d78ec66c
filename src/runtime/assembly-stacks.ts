/** The stacks of a cloud assembly that is there already, without loading the CDK. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deploymentTag } from '#contract/resources.ts';
import type { WaveStack } from '#core/deploy-waves/wave-plan.ts';

export interface AssemblyStack extends WaveStack {
  /** The CDK's role that may read in the stack's account; undefined where the assembly names none. */
  readonly lookupRoleArn: string | undefined;
  /** Name of the deployment that it is a part of; undefined where its tags name none. */
  readonly deployment: string | undefined;
}

export interface Assembly {
  readonly folder: string;
  readonly stacks: readonly AssemblyStack[];
}

/** As far as it is read: `manifest.json` of `npx cdk synth -o`. */
interface Manifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly environment?: string;
        readonly properties?: {
          readonly lookupRole?: { readonly arn?: string };
          readonly tags?: Readonly<Record<string, string>>;
        };
      }
    >
  >;
}

const STACK_TYPE = 'aws:cloudformation:stack';
const ENVIRONMENT = /^aws:\/\/([0-9]{12})\/([a-z0-9-]+)$/;

/** @throws an Error that says what the folder lacks */
export function readAssembly(folder: string): Assembly {
  const file = join(resolve(folder), 'manifest.json');
  const artifacts = Object.entries(parsed(file).artifacts ?? {}).filter(
    ([, { type }]) => type === STACK_TYPE,
  );
  if (artifacts.length === 0)
    throw new Error(`${file} names no stack: make it with npx cdk synth -o ${folder}`);
  const stacks = artifacts.map(([id, { environment = '', properties }]) => {
    const [, account, region] = ENVIRONMENT.exec(environment) ?? [];
    if (account === undefined || region === undefined)
      throw new Error(`${file}: stack ${id} is for "${environment}", which is no account and region`);
    const lookupRoleArn = properties?.lookupRole?.arn?.replace(`\${AWS::Partition}`, 'aws');
    return { id, account, region, lookupRoleArn, deployment: properties?.tags?.[deploymentTag] };
  });
  return { folder: resolve(folder), stacks };
}

function parsed(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`no cloud assembly can be read: ${why}`, { cause: error });
  }
}
