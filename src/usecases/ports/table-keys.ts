/** Under which keys the tables stand that gateways and discovery of a deployment read. */
export interface TableKeys {
  /**
   * Names of tables at home that stand under a key of DynamoDB's own, which nobody needs a permission for; none where there
   * are no tables yet. Throws where they cannot be described: nobody knows then what would turn.
   */
  underKeysOfDynamodb(): Promise<readonly string[]>;
}
