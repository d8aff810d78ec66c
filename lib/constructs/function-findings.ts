import type { IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** A function and what belongs to it. */
interface FunctionParts {
  readonly lambda: IConstruct;
  readonly logGroup: IConstruct;
  /** Undefined where none are kept. */
  readonly failedCalls: IConstruct | undefined;
}

/** What decides which findings there are: whether the function has it, not what it is. */
interface FunctionTraits {
  readonly reservedConcurrency?: number;
  readonly logKey?: IConstruct;
  readonly network?: object;
}

/** Accepts what the checks say about every function of the product, and about those that nobody calls asynchronously. */
export function acknowledgeFunctionFindings(owner: FunctionParts, props: FunctionTraits): void {
  acknowledge(owner.lambda, {
    ...(props.network === undefined
      ? {
          'NIST.800.53.R5-LambdaInsideVPC':
            'It talks to AWS’s public services alone, over TLS and under its own role; a network in each of hundreds of places would add a part that fails and guard nothing.',
        }
      : {}),
    'Serverless-LambdaTracing':
      'A trace would leave the residency’s own log for a service that a stack cannot pin; its own log and metrics say where the time went. X-Ray’s permissions name no resource either.',
    ...(props.reservedConcurrency === undefined
      ? {
          'NIST.800.53.R5-LambdaConcurrency':
            'It shares the account’s concurrency unless the deployment keeps some for it; what comes from queues is bound by the event source.',
        }
      : {}),
    ...(owner.failedCalls === undefined
      ? {
          'NIST.800.53.R5-LambdaDLQ':
            'Nobody calls it asynchronously: a caller waits for the answer, or a queue with a dead-letter queue of its own calls again.',
          'Serverless-LambdaDLQ':
            'Nobody calls it asynchronously: a caller waits for the answer, or a queue with a dead-letter queue of its own calls again.',
        }
      : {
          'Serverless-LambdaAsyncFailureDestination':
            'Calls that failed for good go to the function’s dead-letter queue; a destination beside it would keep each twice.',
        }),
  });
  if (props.logKey === undefined)
    acknowledge(owner.logGroup, {
      'NIST.800.53.R5-CloudWatchLogGroupEncrypted':
        'CloudWatch encrypts it with a key of its own: it names models, accounts and errors, never a caller or a prompt, and a key for each of hundreds of places costs more than the place.',
    });
  if (owner.failedCalls !== undefined)
    acknowledge(owner.failedCalls, {
      'Serverless-SQSRedrivePolicy':
        'It is itself the queue for what failed, and an alarm watches its depth.',
    });
}
