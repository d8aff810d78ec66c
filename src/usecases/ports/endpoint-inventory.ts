/** What SageMaker says of the dedicated endpoints in one account and region. Throws HouseErrors like `ModelCatalogue`. */
export interface EndpointInventory {
  /** Undefined when the endpoint (or the component on it) does not exist. */
  loadEndpoint(
    name: { readonly endpoint: string; readonly component?: string | undefined },
    signal: AbortSignal,
  ): Promise<EndpointStatus | undefined>;
}

export interface EndpointStatus {
  /** `InService`, `Creating`, ...: an open string. InService does not mean warm. */
  readonly status: string;
  /** Component copies in service, or instances where there is no component. */
  readonly copiesInService: number;
  readonly copiesDesired: number;
}
