/** What a deployed function learns from its environment: who and where it is, and the configuration in its bundle. */
import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parseConfig, type SpillwayConfig } from '#contract/config.ts';
import { environmentNames } from '#contract/resources.ts';
import { isRegionId } from '#core/units/region-id.ts';
import type { Environment } from './environment.ts';
import { pepperProblem } from './key-pepper.ts';

export interface DeployedSettings {
  /** The account the function runs in. */
  readonly account: string;
  readonly region: string;
  readonly config: SpillwayConfig;
  /** One origin for every AWS service; undefined for AWS's own. */
  readonly endpoint: string | undefined;
  /** A secret. Undefined for functions that know no callers. */
  readonly keyPepper: string | undefined;
  /** A secret. Undefined where no pepper follows another. */
  readonly previousKeyPepper: string | undefined;
}

/** @throws an Error that names every variable that is missing or wrong, and what it should hold */
export function readDeployedSettings(environment: Environment): DeployedSettings {
  const problems: string[] = [];
  const account = environment[environmentNames.account] ?? '';
  if (!/^\d{12}$/.test(account)) {
    problems.push(`${environmentNames.account}: got ${JSON.stringify(account)}, want 12 digits`);
  }
  const region = environment[environmentNames.region] ?? '';
  if (!isRegionId(region)) {
    problems.push(`${environmentNames.region}: got ${JSON.stringify(region)}, want a region code`);
  }
  const keyPepper = environment[environmentNames.keyPepper];
  const previousKeyPepper = environment[environmentNames.previousKeyPepper];
  for (const [name, pepper] of [
    [environmentNames.keyPepper, keyPepper],
    [environmentNames.previousKeyPepper, previousKeyPepper],
  ] as const) {
    const unfit = pepper === undefined ? undefined : pepperProblem(pepper, name);
    if (unfit !== undefined) problems.push(unfit);
  }
  const config = readConfig(environment, problems);
  if (config === undefined || problems.length > 0) {
    throw new Error(`the environment of this function is not usable:\n  ${problems.join('\n  ')}`);
  }
  return { account, region, config, endpoint: environment.AWS_ENDPOINT_URL, keyPepper, previousKeyPepper };
}

function readConfig(environment: Environment, problems: string[]): SpillwayConfig | undefined {
  const name = environmentNames.config;
  const given = environment[name];
  if (given === undefined) {
    problems.push(
      `${name}: is missing, want the configuration as JSON or the path of a JSON file in the bundle`,
    );
    return undefined;
  }
  let input: unknown;
  try {
    input = JSON.parse(given.startsWith('{') ? given : readFileSync(pathOf(given, environment), 'utf8'));
  } catch (error) {
    problems.push(`${name}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  const parsed = parseConfig(input);
  if (parsed.ok) return parsed.config;
  problems.push(...parsed.violations.map(({ path, message }) => `${name} ${path}: ${message}`));
  return undefined;
}

function pathOf(given: string, environment: Environment): string {
  return isAbsolute(given) ? given : resolve(environment.LAMBDA_TASK_ROOT ?? '.', given);
}
