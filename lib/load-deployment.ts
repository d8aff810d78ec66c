import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseConfig, type SpillwayConfig } from '#contract/config.ts';
import { checkConfig } from '#core/config/check-config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';

/** Taken in this order when no file is named, as by every other command. */
const DEFAULT_FILES = ['spillway.config.ts', 'spillway.config.json', 'examples/acme.config.ts'];

interface Finding {
  readonly path: string;
  readonly message: string;
}

export interface Deployment {
  readonly config: SpillwayConfig;
  /** What can be deployed but will disappoint, such as a residency without a baseline. */
  readonly warnings: readonly Finding[];
}

/** A configuration that cannot be deployed. Its message lists every violation with its path. */
export class UndeployableConfigError extends Error {
  override readonly name = 'UndeployableConfigError';

  constructor(file: string, violations: readonly Finding[]) {
    const lines = violations.map(({ path, message }) => `  ${path}: ${message}`);
    super(`${file} cannot be deployed:\n${lines.join('\n')}`);
  }
}

/**
 * Reads, parses and checks what is to be deployed. Names of files are taken from `folder`.
 *
 * @throws UndeployableConfigError when the file is missing, cannot be read, or breaks a rule
 */
export async function loadDeployment(request: {
  readonly folder: string;
  /** @default - spillway.config.ts or .json where there is one, else the example */
  readonly file?: string | undefined;
  readonly facts: CompiledFacts;
}): Promise<Deployment> {
  const { folder, facts } = request;
  const names = request.file === undefined ? DEFAULT_FILES : [request.file];
  const paths = names.map((name) => resolve(folder, name));
  const file = paths.find((path) => existsSync(path));
  if (file === undefined)
    throw unreadable(paths[0] ?? folder, `no such file; looked for ${paths.join(', ')}`);
  const parsed = parseConfig(await readInput(file));
  if (!parsed.ok) throw new UndeployableConfigError(file, parsed.violations);
  const { errors, warnings } = checkConfig(parsed.config, facts);
  if (errors.length > 0) throw new UndeployableConfigError(file, errors);
  return { config: parsed.config, warnings };
}

async function readInput(file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(readFileSync(file, 'utf8'));
    const loaded: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    return loaded.default;
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(file: string, why: string): UndeployableConfigError {
  return new UndeployableConfigError(file, [{ path: 'config', message: why }]);
}
