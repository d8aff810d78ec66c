/** How a call to AWS is described: who makes it, on what, and what for. */
import {
  batchBucketName,
  batchQueueName,
  bulkQueueName,
  type TableKind,
  tableArn,
} from '#contract/resources.ts';

/** Who calls: a function under its own role, or a person or pipeline under credentials of their own. */
export type Caller =
  | 'discover'
  | 'plan'
  | 'verify'
  | 'gateway'
  | 'audit'
  | 'witness'
  | 'pipeline'
  | 'build'
  | 'deploy'
  | 'operator';

export interface CallPlace {
  readonly account: string;
  readonly region: string;
}

/** What a call is judged by. */
export interface CallFacts {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface CallUse {
  readonly by: Caller;
  readonly for: string;
  /** What one caller in this place calls. An operator's calls are listed, not judged: their policies are not ours. */
  at(place: CallPlace): readonly CallFacts[];
}

export const deployment = 'acme';
export const homePlace: CallPlace = { account: '111111111111', region: 'us-east-1' };
export const someModel = 'chat-large';

/** Every queue of batches in a place. */
export const queuesIn = ({ account, region }: CallPlace): readonly string[] =>
  [
    batchQueueName(deployment),
    ...['chat-large', 'chat-small', 'embed'].map((model) => bulkQueueName(deployment, model)),
  ].map((queue) => `arn:aws:sqs:${region}:${account}:${queue}`);

type Where = 'here' | 'home' | 'own';

/** A table of the home account in the caller's region or at home; `own`: of the caller's own account. */
export function onTable(
  operation: string,
  options: {
    readonly by: Caller;
    readonly for: string;
    readonly table: TableKind;
    readonly where: Where;
    /** Partition keys that the call names. @default - the permission does not look at them */
    readonly keys?: (place: CallPlace) => readonly string[];
  },
): CallUse {
  const { by, table, where, keys } = options;
  return {
    by,
    for: options.for,
    at: (place) => {
      const { account } = where === 'own' ? place : homePlace;
      const { region } = where === 'home' ? homePlace : place;
      return [
        {
          action: `dynamodb:${operation}`,
          resource: tableArn({ deployment, kind: table, account, region }),
          ...(keys === undefined ? {} : { context: { 'dynamodb:LeadingKeys': keys(place) } }),
        },
      ];
    },
  };
}

/** An action that names no resource. */
export const listing = (
  by: Caller,
  purpose: string,
  action: string,
  context?: CallFacts['context'],
): CallUse => ({
  by,
  for: purpose,
  at: ({ region }) => [
    {
      action,
      resource: '*',
      context: { 'aws:RequestedRegion': region, ...context },
    },
  ],
});

export const operator = (purpose: string, ...actions: readonly string[]): CallUse => ({
  by: 'operator',
  for: purpose,
  at: () => actions.map((action) => ({ action, resource: '*' })),
});

export const bucketOf = ({ account, region }: CallPlace) =>
  `arn:aws:s3:::${batchBucketName(deployment, account, region)}`;

export const onObjects = (action: string, purpose: string): CallUse => ({
  by: 'gateway',
  for: purpose,
  at: (place) =>
    ['files', 'work'].map((prefix) => ({ action, resource: `${bucketOf(place)}/${prefix}/some-id` })),
});

export const onQueues = (action: string, purpose: string): CallUse => ({
  by: 'gateway',
  for: purpose,
  at: (place) => queuesIn(place).map((resource) => ({ action, resource })),
});
