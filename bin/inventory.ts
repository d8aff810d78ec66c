/**
 * What `npx cdk deploy` would make, as JSON on stdout: each stack with its resources. `node bin/inventory.ts [config]`
 *
 * It bundles nothing and checks no template (`npx cdk synth` does), so that 30 accounts × 21 regions take seconds. A
 * configuration that breaks a rule ends with every violation and exit code 2. `CDK_CONTEXT_JSON` holds what `-c` would.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type DeployedStack, resourcesOf } from '#core/deploy-cost/deployed-stack.ts';
import { createSpillwayStacks } from '#lib/spillway-stacks.ts';
import { parseSynthContext } from '#lib/synth-context.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { ConfigError, loadConfig } from '#runtime/load-config.ts';

const BAD_USE = 2;

const folder = mkdtempSync(join(tmpdir(), 'spillway-inventory-'));
try {
  const settings = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const app = new App({
    outdir: folder,
    autoSynth: false,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: { ...settings.context, 'aws:cdk:bundling-stacks': [] },
  });
  const facts = shippedFacts();
  const context = parseSynthContext((name) => app.node.tryGetContext(name));
  const { config } = await loadConfig({
    folder: process.cwd(),
    file: process.argv[2] ?? context.config,
    facts,
  });
  createSpillwayStacks(app, { ...context, config, facts });
  const stacks: readonly DeployedStack[] = app.synth().stacks.map((stack) => ({
    id: stack.hierarchicalId,
    account: stack.environment.account,
    region: stack.environment.region,
    resources: resourcesOf(stack.template),
  }));
  process.stdout.write(JSON.stringify(stacks));
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof RangeError)) throw error;
  console.error(error.message);
  process.exitCode = BAD_USE;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
