/**
 * A program: the cloud assembly of a tree of sources, by the tree's own code, as `cdk synth` in that tree would make it.
 *
 *     node synthesize-tree.ts <root of the tree> <configuration as JSON> <folder of the assembly>
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib';
import type { parseConfig as ParseConfig } from '#contract/config.ts';
import type { createSpillwayStacks as CreateSpillwayStacks } from '#lib/spillway-stacks.ts';
import type { shippedFacts as ShippedFacts } from '#runtime/facts-data.ts';

const [root = '', configFile = '', outdir = ''] = process.argv.slice(2);
const load = (path: string) => import(pathToFileURL(join(root, path)).href);

const { parseConfig } = (await load('src/contract/config.ts')) as { parseConfig: typeof ParseConfig };
const { createSpillwayStacks } = (await load('lib/spillway-stacks.ts')) as {
  createSpillwayStacks: typeof CreateSpillwayStacks;
};
const { shippedFacts } = (await load('src/runtime/facts-data.ts')) as { shippedFacts: typeof ShippedFacts };

const parsed = parseConfig(JSON.parse(readFileSync(configFile, 'utf8')));
if (!parsed.ok)
  throw new Error(parsed.violations.map(({ path, message }) => `${path}: ${message}`).join('\n'));
const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
const app = new App({ outdir, builtinCloudFormationValidation: false, context });
createSpillwayStacks(app, { config: parsed.config, facts: shippedFacts() });
app.synth();
