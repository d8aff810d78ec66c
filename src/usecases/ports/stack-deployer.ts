/** Changes stacks to what their templates say. */
export interface StackDeployer {
  /**
   * All of them, in the order that they need, each whole or as it was before. Answers what failed; undefined when nothing did.
   *
   * @param stacks ids on the command line
   */
  deploy(stacks: readonly string[]): Promise<string | undefined>;
}
