import type { SpillwayConfig } from '#contract/config.ts';
import type { CommandLine } from './parse-command-line.ts';
import { UsageError } from './usage-error.ts';

/** The route that a command line names as `<model> <residency>` or `<model> --residency <name>`. */
export function routeArgument(
  line: CommandLine,
  config: SpillwayConfig,
): { readonly model: string; readonly residency: string } {
  const [model = '', second] = line.positionals;
  const named = line.text('residency');
  if (second !== undefined && named !== undefined && second !== named)
    throw new UsageError(`Name one residency: "${second}" and --residency ${named} are two`);
  const residency = second ?? named;
  checkRouteName(config, model, residency);
  if (residency !== undefined && residency !== '') return { model, residency };
  const residencies = Object.keys(config.residencies).join(', ');
  throw new UsageError(`Name the residency after the model; the configuration has ${residencies}`);
}

/** Throws a UsageError that names what there is. */
export function checkRouteName(config: SpillwayConfig, model: string, residency: string | undefined): void {
  const models = Object.keys(config.models);
  if (!models.includes(model))
    throw new UsageError(`The configuration has no model "${model}"; it has ${models.join(', ')}`);
  const residencies = Object.keys(config.residencies);
  if (residency !== undefined && !residencies.includes(residency))
    throw new UsageError(
      `The configuration has no residency "${residency}"; it has ${residencies.join(', ')}`,
    );
}
