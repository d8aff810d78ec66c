import type { CheckableConfig, CheckableModel, ConfigFinding, ConfigFindings } from './config-findings.ts';

/**
 * Vectors of two models cannot be compared, whatever their lengths: an index that was filled from one is garbage to a
 * query of the other, and nothing would say so. One model in many regions, accounts and profiles is one space.
 */
export function checkVectorSpaces(config: CheckableConfig): ConfigFindings {
  const embedders = Object.entries(config.models).filter(([, { kind }]) => kind === 'embedding');
  return {
    errors: embedders.flatMap(([name, model]) => severalModels(name, model)),
    warnings: embedders.flatMap(([name, model]) => modelsAndContainers(name, model)),
  };
}

function severalModels(name: string, { candidates }: CheckableModel): readonly ConfigFinding[] {
  const first = candidates[0]?.id;
  return candidates.flatMap(({ id }, index) =>
    id === first
      ? []
      : [
          {
            path: `models.${name}.candidates[${index}]`,
            message: `${id} makes other vectors than ${first}, and an index of one is garbage to the other; keep one, and give the other a model of its own`,
          },
        ],
  );
}

/** What a container serves nobody here knows: its owner does. */
function modelsAndContainers(
  name: string,
  { candidates, dedicated }: CheckableModel,
): readonly ConfigFinding[] {
  if (candidates.length === 0) return [];
  return dedicated.map(({ endpoint }, index) => ({
    path: `models.${name}.dedicated[${index}]`,
    message: `${endpoint} must make the very vectors of ${candidates[0]?.id}, or an index of one is garbage to the other; if it serves another model, give it a model of its own`,
  }));
}
