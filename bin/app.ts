/**
 * The CDK app: `npx cdk synth`, `npx cdk deploy <stack>`.
 *
 * `-c config=<file>` or `SPILLWAY_CONFIG` names the configuration, in this order; without either it is
 * spillway.config.ts where there is one, else the example. A configuration that breaks a rule ends here with every
 * violation and exit code 2.
 */
import { App } from 'aws-cdk-lib';
import { addChecks } from '#lib/checks.ts';
import { createSpillwayStacks } from '#lib/spillway-stacks.ts';
import { parseSynthContext, unreadContext } from '#lib/synth-context.ts';
import { readEnvironment } from '#runtime/environment.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { ConfigError, loadConfig } from '#runtime/load-config.ts';

const BAD_USE = 2;

// Never by itself at exit: a configuration that was refused leaves no templates.
const app = new App({ autoSynth: false });
const facts = shippedFacts();
try {
  const context = parseSynthContext((name) => app.node.tryGetContext(name));
  for (const message of unreadContext(Object.keys(app.node.getAllContext())))
    console.error(`warning: ${message}`);
  const file = context.config ?? readEnvironment().SPILLWAY_CONFIG;
  const { config, warnings } = await loadConfig({ folder: process.cwd(), file, facts });
  for (const { path, message } of warnings) console.error(`warning: ${path}: ${message}`);
  createSpillwayStacks(app, { ...context, config, facts });
  addChecks(app);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof RangeError)) throw error;
  console.error(error.message);
  process.exitCode = BAD_USE;
}
