/** Where containers stand in a network of one's own. */
export interface ContainerNetwork {
  /** Ids, in one network. */
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}
