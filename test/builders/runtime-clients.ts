/** The clients of the Runtime API that may run a function here. */
export interface RuntimeClientChoice {
  readonly name: string;
  /** Why it cannot run here; undefined where it can. */
  readonly skip?: string;
  /** What Node is given to run it; left out for our own, which is what a host runs by itself. */
  readonly runtimeClient?: readonly string[];
}

/** `npm test` builds AWS's client in a step of its own, where this machine has what that takes. */
const awsClient = process.env.AWS_LAMBDA_RIC;

export const runtimeClients: readonly RuntimeClientChoice[] = [
  { name: 'our own client' },
  {
    name: 'aws-lambda-ric',
    ...(awsClient === undefined
      ? { skip: 'it has a step of its own in npm test, which builds it' }
      : { runtimeClient: [awsClient] }),
  },
];
