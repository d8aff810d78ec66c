/** The web console as a deployed gateway finds it: beside its own code. */
import { resolve } from 'node:path';
import { readTextFolder } from '#adapters/system/text-folder.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { bundledConsoleFolder } from '#contract/console.ts';
import type { Environment } from './environment.ts';

/** Reads its files, when somebody first asks. Undefined where the configuration switches it off. */
export function bundledConsole(
  { console: { enabled } }: Pick<SpillwayConfig, 'console'>,
  environment: Environment,
): (() => Promise<ReadonlyMap<string, string>>) | undefined {
  if (!enabled) return undefined;
  const folder = resolve(environment.LAMBDA_TASK_ROOT ?? '.', bundledConsoleFolder);
  return () => readTextFolder(folder);
}
