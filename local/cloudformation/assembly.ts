/** A cloud assembly as `cdk synth` writes it: stacks with where they go, their templates, and the files they ship. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DeploymentError } from './deployment-error.ts';

export interface AssemblyStack {
  /** On the command line: `State-us-east-1`. */
  readonly id: string;
  /** In CloudFormation: `acme-State-us-east-1`. */
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  /** Of the whole stack, for every resource that takes tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Ids of the stacks that must stand first. */
  readonly dependencies: readonly string[];
  /** The template as parsed JSON. */
  readonly template: unknown;
}

export interface Assembly {
  /** Each after those it depends on. */
  readonly stacks: readonly AssemblyStack[];
  /** Where the files lie that stand under `bucket/key` after publishing. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: {
    templateFile?: string;
    stackName?: string;
    tags?: Record<string, string>;
    file?: string;
  };
  readonly dependencies?: readonly string[];
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { bucketName: string; objectKey: string }>>;
      }
    >
  >;
}

/** @throws DeploymentError where the folder is no cloud assembly or an asset that it lists is missing */
export function readAssembly(folder: string): Assembly {
  const { artifacts } = readJson(folder, 'manifest.json') as {
    artifacts?: Readonly<Record<string, Artifact>>;
  };
  const all = Object.entries(artifacts ?? {});
  const stacks = all
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, artifact]) => readStack(folder, id, artifact));
  const assets = new Map<string, string>();
  for (const [, { type, properties }] of all) {
    if (type === 'cdk:asset-manifest') publish(folder, properties?.file ?? '', assets);
  }
  return { stacks: inOrder(stacks), assets };
}

function readStack(folder: string, id: string, artifact: Artifact): AssemblyStack {
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(artifact.environment ?? '') ?? [];
  if (account === undefined || region === undefined) {
    throw new DeploymentError(id, `environment ${artifact.environment} is not aws://<account>/<region>`);
  }
  const { templateFile = '', stackName = id, tags = {} } = artifact.properties ?? {};
  const template = readJson(folder, templateFile);
  return { id, stackName, account, region, tags, dependencies: artifact.dependencies ?? [], template };
}

/** What `cdk deploy` does before it calls CloudFormation: every listed file goes to its bucket. */
function publish(folder: string, manifest: string, assets: Map<string, string>): void {
  const { files = {} } = readJson(folder, manifest) as AssetManifest;
  for (const { source, destinations } of Object.values(files)) {
    const path = resolve(folder, source.path ?? '');
    if (!existsSync(path)) throw new DeploymentError(manifest, `the asset ${source.path} is missing`);
    for (const { bucketName, objectKey } of Object.values(destinations)) {
      assets.set(`${bucketName}/${objectKey}`, path);
    }
  }
}

function inOrder(stacks: readonly AssemblyStack[]): AssemblyStack[] {
  const byId = new Map(stacks.map((stack) => [stack.id, stack]));
  const placed = new Set<AssemblyStack>();
  const place = (stack: AssemblyStack): void => {
    if (placed.has(stack)) return;
    for (const id of stack.dependencies) {
      const first = byId.get(id);
      if (first !== undefined) place(first);
    }
    placed.add(stack);
  };
  stacks.forEach(place);
  return [...placed];
}

function readJson(folder: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    throw new DeploymentError(folder, `${file} cannot be read`, error);
  }
}
