/** The one way from a configuration file to a checked configuration, for the server, the CLI and local mode. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseConfig, type SpillwayConfig } from '#contract/config.ts';
import type { ConfigViolation } from '#contract/config-violations.ts';
import { checkConfig } from '#core/config/check-config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';

/** Looked for in this order when no file is named. */
const defaultFiles = ['spillway.config.ts', 'spillway.config.json', 'examples/acme.config.ts'];

/** More may come once these are mended: a reader who knows does not take the list for complete. */
const SHAPE_FIRST = 'relations between settings are checked once the shape is right';

export interface LoadedConfig {
  readonly config: SpillwayConfig;
  /** What works but will disappoint, e.g. a residency without a baseline. */
  readonly warnings: readonly ConfigViolation[];
  /** The file it came from, absolute. */
  readonly file: string;
}

/** A configuration that cannot be used: every violation at once, each with its path. */
export class ConfigError extends Error {
  readonly file: string;
  readonly violations: readonly ConfigViolation[];
  /** What holds of no single setting, such as what was not checked; the last line of the message too. */
  readonly note: string | undefined;
  constructor(file: string, violations: readonly ConfigViolation[], note?: string) {
    const lines = violations.map((violation) => `  ${violation.path}: ${violation.message}`);
    const last = note === undefined ? [] : [`(${note})`];
    super([`${file} is not a usable configuration:`, ...lines, ...last].join('\n'));
    this.name = 'ConfigError';
    this.file = file;
    this.violations = violations;
    this.note = note;
  }
}

/** A file that was named, or one of those looked for, is not there. */
export class MissingConfigError extends ConfigError {}

/**
 * Reads, parses and checks. Relative names are taken from `folder`.
 *
 * @throws MissingConfigError when there is no file; ConfigError when it cannot be read, or breaks a rule.
 */
export async function loadConfig(request: {
  readonly folder: string;
  readonly file?: string | undefined;
  readonly facts: CompiledFacts;
}): Promise<LoadedConfig> {
  const file = findConfig(request.folder, request.file);
  const parsed = parseConfig(await readInput(file));
  if (!parsed.ok) throw new ConfigError(file, parsed.violations, SHAPE_FIRST);
  const { errors, warnings } = checkConfig(parsed.config, request.facts);
  if (errors.length > 0) throw new ConfigError(file, errors);
  return { config: parsed.config, warnings, file };
}

/**
 * The file that was named, else the first of the usual ones, absolute.
 *
 * @throws MissingConfigError when there is no such file.
 */
export function findConfig(folder: string, file: string | undefined): string {
  const candidates = file === undefined ? defaultFiles : [file];
  const paths = candidates.map((name) => (isAbsolute(name) ? name : resolve(folder, name)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) {
    throw new MissingConfigError(paths[0] ?? folder, [
      { path: 'config', message: `no such file; looked for ${paths.join(', ')}` },
    ]);
  }
  return found;
}

async function readInput(file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(readFileSync(file, 'utf8'));
    const loaded: { default?: unknown } = await import(pathToFileURL(file).href);
    if (loaded.default !== undefined) return loaded.default;
  } catch (error) {
    throw new ConfigError(file, [
      {
        path: 'config',
        message: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      },
    ]);
  }
  throw new ConfigError(file, [
    { path: 'config', message: 'has no default export; write `export default defineConfig({ ... })`' },
  ]);
}
