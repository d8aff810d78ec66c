import type { ControlResource } from '../service.ts';
import {
  type EntryShape,
  isAccount,
  isBoolean,
  isRecord,
  isRegion,
  isText,
  listOf,
  oneOf,
  parseEntries,
  type Rule,
} from './body-check.ts';
import type { Lifecycle } from './facts.ts';
import type { ModelCatalogue } from './model-catalogue.ts';
import type { ModelOverride } from './overrides.ts';

const LIFECYCLE_TIMES = ['startOfLifeTime', 'endOfLifeTime', 'legacyTime', 'publicExtendedAccessTime'];
const REFUSABLE = [
  'tools',
  'streaming-tools',
  'tool-choice',
  'strict-tools',
  'native-json',
  'parallel-tools',
  'system-prompts',
  'documents',
  'images',
  'prompt-caching',
  'assistant-prefix',
];
const AGREEMENTS = ['AVAILABLE', 'PENDING', 'NOT_AVAILABLE', 'ERROR'];

const isTime: Rule = (value) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? undefined : 'an ISO 8601 time';

const isDuration: Rule = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 600_000
    ? undefined
    : 'whole milliseconds from 0 to 600000';

const isLifecycle: Rule = (value) => {
  const right = `"ACTIVE", "LEGACY", or an object with "status" and any of ${LIFECYCLE_TIMES.join(', ')} as ISO 8601 times`;
  if (typeof value === 'string') return oneOf('ACTIVE', 'LEGACY')(value) && right;
  if (!isRecord(value)) return right;
  const { status, ...times } = value;
  const fine =
    oneOf('ACTIVE', 'LEGACY')(status) === undefined &&
    Object.entries(times).every(
      ([name, time]) => LIFECYCLE_TIMES.includes(name) && isTime(time) === undefined,
    );
  return fine ? undefined : right;
};

const isAgreement: Rule = (value) => {
  const right = `one of ${AGREEMENTS.map((known) => `"${known}"`).join(', ')}, or an object of "status" and "errorMessage"`;
  if (typeof value === 'string') return oneOf(...AGREEMENTS)(value) && right;
  if (!isRecord(value)) return right;
  const { status, errorMessage, ...others } = value;
  const fine =
    oneOf(...AGREEMENTS)(status) === undefined &&
    (errorMessage === undefined || typeof errorMessage === 'string') &&
    Object.keys(others).length === 0;
  return fine ? undefined : right;
};

const SHAPE: EntryShape = {
  required: ['region', 'modelId'],
  rules: {
    region: isRegion,
    account: isAccount,
    modelId: isText,
    offered: isBoolean,
    lifecycle: isLifecycle,
    inferenceTypes: listOf(isText, 'a list of inference types, such as ["ON_DEMAND", "INFERENCE_PROFILE"]'),
    authorizationStatus: oneOf('AUTHORIZED', 'NOT_AUTHORIZED'),
    agreementAvailability: isAgreement,
    entitlementAvailability: oneOf('AVAILABLE', 'NOT_AVAILABLE'),
    regionAvailability: oneOf('AVAILABLE', 'NOT_AVAILABLE'),
    denied: isBoolean,
    refuses: listOf(oneOf(...REFUSABLE), `a list of ${REFUSABLE.join(', ')}`),
    grammarCompileMs: isDuration,
  },
};

/** `/_local/catalogue`: which models stand in a region, and how an account stands to them. */
export function catalogueControl(models: ModelCatalogue): ControlResource {
  const show = () => models.overrides.list().map(showOverride);
  return {
    name: 'catalogue',
    methods: {
      GET: show,
      PATCH: (body) => {
        models.overrides.apply(parseEntries(body, SHAPE).map(modelOverride));
        return show();
      },
      DELETE: () => {
        models.overrides.clear();
        return show();
      },
    },
  };
}

/** `entry` has passed the rules above. */
function modelOverride(entry: Record<string, unknown>): ModelOverride {
  const { lifecycle, agreementAvailability, ...rest } = entry;
  return {
    ...(rest as unknown as ModelOverride),
    ...(lifecycle === undefined ? {} : { lifecycle: parseLifecycle(lifecycle) }),
    ...(agreementAvailability === undefined
      ? {}
      : {
          agreementAvailability: (typeof agreementAvailability === 'string'
            ? { status: agreementAvailability }
            : agreementAvailability) as { status: string },
        }),
  };
}

function parseLifecycle(value: unknown): Lifecycle {
  if (typeof value === 'string') return { status: value };
  const { status, ...times } = value as Record<string, string>;
  const dates = Object.entries(times).map(([name, time]) => [name, new Date(time)]);
  return { status: status ?? '', ...Object.fromEntries(dates) };
}

/** In the short form where that says it all. */
function showOverride(override: ModelOverride): Record<string, unknown> {
  const { lifecycle, agreementAvailability } = override;
  return {
    ...override,
    ...(lifecycle && { lifecycle: Object.keys(lifecycle).length === 1 ? lifecycle.status : lifecycle }),
    ...(agreementAvailability && {
      agreementAvailability:
        agreementAvailability.errorMessage === undefined
          ? agreementAvailability.status
          : agreementAvailability,
    }),
  };
}
