import { chatTemplates } from '../chat/prompt-template.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { geoPrefixOf } from '../residency/reach.ts';
import { targetId } from '../target.ts';
import {
  type CheckableConfig,
  type CheckableModel,
  type ConfigFinding,
  type ConfigFindings,
  listText,
  repeatedIndexes,
} from './config-findings.ts';

/** Prefixes of inference profiles; no model provider is called so. */
const PROFILE_PREFIXES: ReadonlySet<string> = new Set([
  'us',
  'eu',
  'apac',
  'jp',
  'au',
  'in',
  'ca',
  'us-gov',
  'global',
]);

/** Models: something that can answer, named once, in places that the accounts list. */
export function checkModels(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  const models = Object.entries(config.models);
  const candidates = models.flatMap(([name, model]) =>
    model.candidates.map(({ id }, index) => ({ id, path: `models.${name}.candidates[${index}]` })),
  );
  const tracked = config.discovery.tracked.map((id, index) => ({ id, path: `discovery.tracked[${index}]` }));
  const named = [...candidates, ...tracked];
  return {
    errors: [
      ...models.flatMap(([name, model]) => [
        ...nothingToCall(name, model),
        ...repeatedTargets(name, model),
        ...dedicatedPlaces(name, model, config),
        ...dedicatedFormats(name, model),
      ]),
      ...named.flatMap(({ id, path }) => profileIdErrors(id, path)),
    ],
    warnings: named.flatMap(({ id, path }) => modelWarnings(id, path, facts)),
  };
}

function nothingToCall(name: string, model: CheckableModel): readonly ConfigFinding[] {
  if (model.candidates.length + model.dedicated.length > 0) return [];
  return [
    {
      path: `models.${name}`,
      message: 'nothing can answer; add a Bedrock model to candidates or an endpoint to dedicated',
    },
  ];
}

function repeatedTargets(name: string, model: CheckableModel): readonly ConfigFinding[] {
  const ids = model.candidates.map(({ id }) => id);
  const endpoints = model.dedicated.map((endpoint) => targetId(endpoint));
  return [
    ...repeatedIndexes(ids).map((index) => ({
      path: `models.${name}.candidates[${index}]`,
      message: `${ids[index]} stands in the list before; leave it out`,
    })),
    ...repeatedIndexes(endpoints).map((index) => ({
      path: `models.${name}.dedicated[${index}]`,
      message: `${endpoints[index]} stands in the list before; leave it out`,
    })),
  ];
}

function dedicatedPlaces(
  name: string,
  model: CheckableModel,
  config: CheckableConfig,
): readonly ConfigFinding[] {
  return model.dedicated.flatMap(({ account, region }, index) => {
    const path = `models.${name}.dedicated[${index}]`;
    const owner = config.accounts.find(({ id }) => id === account);
    if (owner === undefined) {
      const known = listText(config.accounts.map(({ id }) => id));
      return [{ path: `${path}.account`, message: `${account} is not in accounts; there are ${known}` }];
    }
    if (owner.regions.includes(region)) return [];
    const listed = listText(owner.regions);
    return [
      {
        path: `${path}.region`,
        message: `${region} is not a region of account ${account}, which lists ${listed}`,
      },
    ];
  });
}

/** TGI's own format is one text: somebody must say how a conversation becomes one, and it makes no vectors. */
function dedicatedFormats(name: string, model: CheckableModel): readonly ConfigFinding[] {
  return model.dedicated.flatMap(({ api, chatTemplate }, index) => {
    const path = `models.${name}.dedicated[${index}]`;
    if (api !== 'tgi') {
      return chatTemplate === undefined
        ? []
        : [{ path: `${path}.chatTemplate`, message: 'is for api "tgi" alone; leave it out' }];
    }
    if (model.kind === 'embedding')
      return [{ path: `${path}.api`, message: '"tgi" makes no embeddings; use "openai"' }];
    if (chatTemplate !== undefined) return [];
    return [{ path: `${path}.chatTemplate`, message: `must be one of ${listText([...chatTemplates])}` }];
  });
}

function profileIdErrors(id: string, path: string): readonly ConfigFinding[] {
  const prefix = geoPrefixOf(id);
  if (!PROFILE_PREFIXES.has(prefix)) return [];
  const modelId = id.slice(prefix.length + 1);
  return [
    {
      path,
      message: `${id} is a profile id; name the model ${modelId}, whose profiles are discovered and judged by residency`,
    },
  ];
}

function modelWarnings(id: string, path: string, facts: CompiledFacts): readonly ConfigFinding[] {
  if (facts.models.length === 0 || PROFILE_PREFIXES.has(geoPrefixOf(id))) return [];
  const lifecycle = facts.lifecycleOf(id);
  if (lifecycle === undefined) {
    return [
      {
        path,
        message: `the facts do not know ${id}: it is routed once discovered, without price, limits or baseline`,
      },
    ];
  }
  if (lifecycle !== 'LEGACY') return [];
  const end = facts.endOfLifeTimeOf(id)?.slice(0, 'YYYY-MM-DD'.length);
  return [
    {
      path,
      message: `${id} is LEGACY${end === undefined ? '' : ` and ends on ${end}`}; it can be no baseline`,
    },
  ];
}
