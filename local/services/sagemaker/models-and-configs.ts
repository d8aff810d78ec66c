import type {
  CreateEndpointConfigInput,
  CreateModelInput,
  DeleteEndpointConfigInput,
  DeleteModelInput,
} from '@aws-sdk/client-sagemaker';
import type { CallContext } from '../../service.ts';
import type { Inventory } from './inventory.ts';
import { checkName, existing, invalid, missing, sagemakerArn } from './refusals.ts';

export function createModel(inventory: Inventory, input: CreateModelInput, context: CallContext) {
  const name = checkName(input.ModelName, 'modelName');
  const arn = sagemakerArn(context, 'model', name);
  const { models } = inventory.shelf(context);
  if (models.has(name)) throw existing('model', arn);
  const container = input.PrimaryContainer ?? input.Containers?.[0];
  if (!container) throw invalid('Either PrimaryContainer or Containers must be given.');
  models.set(name, { name, arn, container });
  return { ModelArn: arn };
}

export function deleteModel(inventory: Inventory, input: DeleteModelInput, context: CallContext) {
  const name = input.ModelName ?? '';
  if (!inventory.shelf(context).models.delete(name))
    throw missing('model', sagemakerArn(context, 'model', name));
  return {};
}

export function createEndpointConfig(
  inventory: Inventory,
  input: CreateEndpointConfigInput,
  context: CallContext,
) {
  const name = checkName(input.EndpointConfigName, 'endpointConfigName');
  const arn = sagemakerArn(context, 'endpoint-config', name);
  const { configs, models } = inventory.shelf(context);
  if (configs.has(name)) throw existing('endpoint configuration', arn);
  const variants = input.ProductionVariants ?? [];
  if (variants.length === 0) throw invalid('ProductionVariants must hold at least one variant.');
  for (const { VariantName, ModelName, ServerlessConfig } of variants) {
    checkName(VariantName, 'productionVariants.variantName');
    if (ServerlessConfig) throw invalid('Serverless variants are not offered here.');
    if (ModelName !== undefined && !models.has(ModelName)) {
      throw missing('model', sagemakerArn(context, 'model', ModelName));
    }
  }
  configs.set(name, { name, arn, variants });
  return { EndpointConfigArn: arn };
}

export function deleteEndpointConfig(
  inventory: Inventory,
  input: DeleteEndpointConfigInput,
  context: CallContext,
) {
  const name = input.EndpointConfigName ?? '';
  if (inventory.shelf(context).configs.delete(name)) return {};
  throw missing('endpoint configuration', sagemakerArn(context, 'endpoint-config', name));
}
