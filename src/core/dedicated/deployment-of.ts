import type { KvSettings } from '../kv/resolve-engine.ts';
import type { Contradiction, Deployment } from './deployment.ts';

/** Members of a deployment that stand beside `deploy` in a configuration, since they hold for any endpoint. */
const besideDeploy = [
  'region',
  'endpoint',
  'servedModel',
  'gpusPerCopy',
  'engine',
  'kvTokensPerCopy',
  'outputTokensMax',
  'concurrencyPerCopy',
  'copies',
] as const;

/** Those of them that a deployment needs and an endpoint that exists does not. */
const neededBeside = ['component', 'contextTokensMax', 'instanceType'] as const;

type Beside = (typeof besideDeploy)[number];

/** What a configuration says of a dedicated endpoint, deployed by Spillway or not. */
export interface DedicatedEntry
  extends Omit<KvSettings, 'deploy'>,
    Pick<Deployment, Exclude<Beside, keyof KvSettings>> {
  readonly account: string;
  readonly component?: string | undefined;
  readonly api?: 'openai' | 'tgi' | undefined;
  readonly contextTokensMax?: number | undefined;
  readonly capabilities?: { readonly tools?: boolean | undefined } | undefined;
  readonly deploy?: DeployEntry | undefined;
}

type DeployEntry = Omit<Deployment, Beside | (typeof neededBeside)[number] | 'instanceTypes'> & {
  readonly otherInstanceTypes: readonly string[];
};

export type ReadDeployment =
  | { readonly kind: 'deployment'; readonly deployment: Deployment }
  | { readonly kind: 'missing'; readonly contradictions: readonly Contradiction[] };

/** The deployment of an entry that asks for one. Undefined where the endpoint exists already. */
export function deploymentOf(entry: DedicatedEntry): ReadDeployment | undefined {
  const { deploy, component, contextTokensMax, instanceType } = entry;
  if (deploy === undefined) return undefined;
  if (component === undefined || contextTokensMax === undefined || instanceType === undefined)
    return { kind: 'missing', contradictions: missing(entry) };
  const { otherInstanceTypes, ...options } = deploy;
  const beside = Object.fromEntries(besideDeploy.map((name) => [name, entry[name]])) as Pick<
    Deployment,
    Beside
  >;
  const instanceTypes = [instanceType, ...otherInstanceTypes];
  return {
    kind: 'deployment',
    deployment: { ...options, ...beside, component, contextTokensMax, instanceTypes },
  };
}

/** Where a configuration says a member of a deployment, from the entry on. */
export function memberOfEntry(member: string): string {
  const position = /^instanceTypes\[(\d+)\]$/.exec(member)?.[1];
  if (position !== undefined)
    return position === '0' ? 'instanceType' : `deploy.otherInstanceTypes[${Number(position) - 1}]`;
  if (member === 'instanceTypes') return 'deploy.otherInstanceTypes';
  const [name = ''] = member.split(/[.[]/);
  return [...besideDeploy, ...neededBeside].some((each) => each === name) ? member : `deploy.${member}`;
}

function missing(entry: DedicatedEntry): readonly Contradiction[] {
  const reasons = {
    component: 'the name of the inference component to make',
    contextTokensMax: 'the longest context, in tokens, that a copy is to hold',
    instanceType: 'what copies run on, such as "ml.g6e.2xlarge"',
  };
  return neededBeside
    .filter((name) => entry[name] === undefined)
    .map((member) => ({ member, message: `is needed with deploy: ${reasons[member]}` }));
}
