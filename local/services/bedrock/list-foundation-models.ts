import {
  type FoundationModelSummary,
  type ListFoundationModelsCommandOutput,
  type ListFoundationModelsRequest,
  ValidationException,
} from '@aws-sdk/client-bedrock';
import type { CallContext } from '../../service.ts';
import { modelArn } from '../../world/arn.ts';
import type { ModelState } from '../../world/model-catalogue.ts';
import type { World } from '../../world/world.ts';

/** Values that the request may filter by. The answers may hold more: the service is ahead of its own enums. */
const FILTER_VALUES = {
  byOutputModality: ['TEXT', 'IMAGE', 'EMBEDDING'],
  byInferenceType: ['ON_DEMAND', 'PROVISIONED'],
  byCustomizationType: ['FINE_TUNING', 'CONTINUED_PRE_TRAINING', 'DISTILLATION'],
} as const;

/** Every model that the region offers, whether or not the account may call it. No pages. */
export function listFoundationModels(
  world: World,
  input: ListFoundationModelsRequest,
  context: CallContext,
): Omit<ListFoundationModelsCommandOutput, '$metadata'> {
  checkFilters(input);
  const provider = input.byProvider?.toLowerCase();
  const models = world.models
    .listed(context.account, context.region)
    .filter(({ fact }) => provider === undefined || fact.provider.toLowerCase() === provider)
    .filter(({ fact }) => !input.byOutputModality || fact.output.includes(input.byOutputModality))
    .filter((model) => !input.byInferenceType || model.inferenceTypes.includes(input.byInferenceType))
    .filter(
      ({ fact }) => !input.byCustomizationType || fact.customizations.includes(input.byCustomizationType),
    );
  return { modelSummaries: models.map((model) => summary(model, context.region)) };
}

function checkFilters(input: ListFoundationModelsRequest): void {
  for (const [name, values] of Object.entries(FILTER_VALUES)) {
    const value = input[name as keyof typeof FILTER_VALUES];
    if (value === undefined || (values as readonly string[]).includes(value)) continue;
    throw new ValidationException({
      message: `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
      $metadata: {},
    });
  }
}

function summary(model: ModelState, region: string): FoundationModelSummary {
  const { fact } = model;
  return {
    modelArn: modelArn(region, fact.modelId),
    modelId: fact.modelId,
    modelName: fact.name,
    providerName: fact.provider,
    inputModalities: [...fact.input] as FoundationModelSummary['inputModalities'],
    outputModalities: [...fact.output] as FoundationModelSummary['outputModalities'],
    responseStreamingSupported: fact.streaming,
    customizationsSupported: [...fact.customizations] as FoundationModelSummary['customizationsSupported'],
    inferenceTypesSupported: [...model.inferenceTypes] as FoundationModelSummary['inferenceTypesSupported'],
    modelLifecycle: { ...model.lifecycle } as FoundationModelSummary['modelLifecycle'],
  };
}
