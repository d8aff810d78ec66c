import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import {
  createSpillwayStacks,
  type SpillwayStacks,
  type SpillwayStacksOptions,
} from '#lib/spillway-stacks.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme } from '#test/lib/acme.ts';

/** An app with the settings of cdk.json that bundles nothing, so that its templates come fast. */
export function unbundledApp(folder: string, builtinCloudFormationValidation = true): App {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  return new App({
    outdir: folder,
    builtinCloudFormationValidation,
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
  });
}

export interface Synthesized {
  readonly stacks: SpillwayStacks;
  readonly assembly: CloudAssembly;
  /** By the stack's id on the command line. */
  template(id: string): Template;
}

/** As many deployments as are asked for by several files that one process runs. */
const KEPT_DEPLOYMENTS_MAX = 4;
const kept = new Map<string, Synthesized>();

/**
 * All templates of a deployment, unchecked: spillway-stacks.test.ts runs the checks, which take longest, once. The same
 * deployment is made once in a process: nobody may write to it.
 */
export function synthesized(options: Partial<SpillwayStacksOptions> = {}): Synthesized {
  if (options.facts !== undefined) return synthesize(options);
  const key = JSON.stringify(options);
  const made = kept.get(key) ?? synthesize(options);
  // The one that was asked for longest ago goes first.
  kept.delete(key);
  kept.set(key, made);
  const [oldest = ''] = kept.keys();
  if (kept.size > KEPT_DEPLOYMENTS_MAX) kept.delete(oldest);
  return made;
}

function synthesize(options: Partial<SpillwayStacksOptions>): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-synth-'));
  try {
    const app = unbundledApp(folder, false);
    const stacks = createSpillwayStacks(app, { config: acme, facts: shippedFacts, ...options });
    const assembly = app.synth();
    const templates = new Map(
      assembly.stacks.map((stack) => [stack.hierarchicalId, Template.fromJSON(stack.template)]),
    );
    return { stacks, assembly, template: (id) => templateOf(templates, id) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function templateOf(templates: ReadonlyMap<string, Template>, id: string): Template {
  const template = templates.get(id);
  if (template === undefined)
    throw new Error(`no stack ${id}; there are ${[...templates.keys()].join(', ')}`);
  return template;
}

/** A statement of an IAM policy as JSON, one or many values made many. */
export interface StatementJson {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly unknown[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Every identity statement of a template. */
export function identityStatements(template: Template): readonly StatementJson[] {
  const resources = {
    ...template.findResources('AWS::IAM::Policy'),
    ...template.findResources('AWS::IAM::ManagedPolicy'),
  };
  return Object.values(resources).flatMap((resource) =>
    resource.Properties.PolicyDocument.Statement.map(normalized),
  );
}

export function normalized(statement: {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: StatementJson['Condition'];
}): StatementJson {
  const { Sid, Effect, Action, Resource, Condition = {} } = statement;
  const many = <Value>(value: Value | Value[]): Value[] => (Array.isArray(value) ? value : [value]);
  return {
    ...(Sid === undefined ? {} : { Sid }),
    Effect,
    Action: many(Action),
    Resource: many(Resource),
    Condition,
  };
}

/** The one statement with this id. */
export function statementOf(template: Template, sid: string): StatementJson {
  const found = identityStatements(template).filter((statement) => statement.Sid === sid);
  const [statement] = found;
  if (statement === undefined || found.length > 1) throw new Error(`${found.length} statements ${sid}`);
  return statement;
}
