/**
 * The services that are about models, Bedrock, SageMaker and the quotas of models, over one world and one answering machine.
 *
 * Invariant: what a control resource changes here is seen by the next call of every service here.
 */
import { MIDDLE_ENGINE } from '#serving-model/engine.ts';
import type { ControlResource, ServiceDefinition } from '../service.ts';
import { accountSettingsControl } from '../world/account-settings-control.ts';
import { Serving } from '../world/answers/serving.ts';
import { catalogueControl } from '../world/catalogue-control.ts';
import type { WorldFacts } from '../world/facts.ts';
import { loadWorldFacts } from '../world/load-world-facts.ts';
import { profilesControl } from '../world/profiles-control.ts';
import { quotasControl } from '../world/quotas-control.ts';
import { createWorld } from '../world/world.ts';
import { bedrockService } from './bedrock/bedrock.ts';
import { bedrockRuntimeService } from './bedrock-runtime/bedrock-runtime.ts';
import { AutoScaling } from './sagemaker/auto-scaling.ts';
import { Capacity } from './sagemaker/capacity.ts';
import { crashesControl } from './sagemaker/crashes-control.ts';
import { endpointsControl } from './sagemaker/endpoints-control.ts';
import { Inventory } from './sagemaker/inventory.ts';
import { sagemakerService } from './sagemaker/sagemaker.ts';
import { scalingControl } from './sagemaker/scaling-control.ts';
import { isAtEndpoint } from './sagemaker-runtime/find-container.ts';
import { sagemakerRuntimeService } from './sagemaker-runtime/sagemaker-runtime.ts';
import { serviceQuotasService } from './servicequotas/servicequotas.ts';

/** A twentieth of the real time: about 6 ms to the first token and 1 ms for each one after it. */
const TIME_SCALE_DEFAULT = 0.05;

export interface ModelServicesOptions {
  /** What Bedrock offers; the facts of data/ when left out. */
  readonly catalogue?: WorldFacts;
  /** Real milliseconds are multiplied by this; 0 answers at once. */
  readonly timeScale?: number;
}

export interface ModelServices {
  readonly services: readonly ServiceDefinition[];
  readonly controls: readonly ControlResource[];
  /** Lets nobody wait any longer: what is being answered ends at once. */
  close(): void;
}

/** Bedrock, Bedrock Runtime, SageMaker, SageMaker Runtime and Service Quotas with the controls of their world. */
export function createModelServices(options: ModelServicesOptions = {}): ModelServices {
  const world = createWorld(options.catalogue ?? loadWorldFacts());
  const { timeScale = TIME_SCALE_DEFAULT } = options;
  const serving = new Serving({ engine: MIDDLE_ENGINE, timeScale });
  const scaling = new AutoScaling(timeScale, (place) => serving.inFlight((key) => isAtEndpoint(key, place)));
  const fleet = { inventory: new Inventory(), capacity: new Capacity(serving.coldStartMs, scaling) };
  return {
    services: [
      bedrockService(world),
      bedrockRuntimeService(world, serving),
      sagemakerService(fleet),
      sagemakerRuntimeService(fleet, serving),
      serviceQuotasService(world),
    ],
    controls: [
      catalogueControl(world.models),
      profilesControl(world.profiles),
      quotasControl(world.quotas),
      accountSettingsControl(world.settings),
      endpointsControl(fleet.capacity),
      scalingControl(scaling),
      crashesControl((place) => serving.loseCopies((key) => isAtEndpoint(key, place))),
    ],
    close: () => {
      scaling.close();
      serving.close();
    },
  };
}
