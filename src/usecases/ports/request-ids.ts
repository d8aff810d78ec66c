/** Makes the id of one request: unique, and unpredictable enough to spread ties between gateways. */
export interface RequestIds {
  next(): string;
}
