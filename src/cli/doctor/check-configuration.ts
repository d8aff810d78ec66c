import type { SpillwayConfig } from '#contract/config.ts';
import { type CliRuntime, ConfigError, MissingConfigError } from '#runtime/cli-runtime.ts';
import type { Check } from './check.ts';

const area = 'Configuration';

/**
 * Every violation and every warning of the configuration; the configuration where it can be used.
 *
 * @throws MissingConfigError when there is no file: then there is nothing to check.
 */
export async function checkConfiguration(
  runtime: CliRuntime,
  file: string | undefined,
): Promise<{ readonly config: SpillwayConfig | undefined; readonly checks: readonly Check[] }> {
  try {
    const loaded = await runtime.loadConfig(file);
    const { accounts, gateways, models, residencies } = loaded.config;
    const regions = new Set(accounts.flatMap((account) => account.regions)).size;
    const detail = `${accounts.length} accounts, ${regions} regions, ${gateways.length} gateways, ${Object.keys(models).length} models, ${Object.keys(residencies).length} residencies`;
    return {
      config: loaded.config,
      checks: [
        { area, subject: 'parse and check', place: loaded.file, status: 'fine', detail },
        ...loaded.warnings.map(
          ({ path, message }): Check => ({
            area,
            subject: path,
            place: '',
            status: 'advice',
            detail: message,
            todo: `Consider ${path}: ${message}`,
          }),
        ),
      ],
    };
  } catch (error) {
    if (!(error instanceof ConfigError) || error instanceof MissingConfigError) throw error;
    const checks = error.violations.map(
      ({ path, message }): Check => ({
        area,
        subject: path,
        place: '',
        status: 'broken',
        detail: message,
        todo: `Correct ${path} in ${error.file}: ${message}`,
      }),
    );
    return { config: undefined, checks: [...checks, ...notChecked(error.note)] };
  }
}

/** What nobody looked at yet: a reader does not take the list for complete. */
function notChecked(note: string | undefined): readonly Check[] {
  return note === undefined
    ? []
    : [{ area, subject: 'relations', place: '', status: 'skipped', detail: note }];
}
