import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IEventSourceDlq,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { observationKeys } from '#contract/resources.ts';
import { observationItems } from '#contract/table-keys.ts';
import type { SpillwayFunction } from './spillway-function.ts';

/** A change waits so long for others, so that a round of discovery starts few plans: well under the 5 s promised. */
const DEBOUNCE_SECONDS = 2;

export interface StreamTriggerProps {
  /** The stream of the observations. */
  readonly streamArn: string;
  readonly target: SpillwayFunction;
}

/** Starts a function when a region's targets changed. Heartbeats and the record of changes start nothing. */
export class StreamTrigger extends Construct {
  constructor(scope: Construct, id: string, { streamArn, target }: StreamTriggerProps) {
    super(scope, id);
    target.role.addToPolicy(
      new PolicyStatement({
        sid: 'ReadChanges',
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [streamArn],
      }),
    );
    new EventSourceMapping(this, 'Mapping', {
      target: target.lambda,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.LATEST,
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(DEBOUNCE_SECONDS),
      // The clock starts plan anyway; an old change is not worth a second try.
      retryAttempts: 1,
      maxRecordAge: Duration.minutes(5),
      ...(target.failedCalls === undefined ? {} : { onFailure: keptIn(target.failedCalls) }),
      filters: [
        FilterCriteria.filter({
          dynamodb: { Keys: { [observationKeys.sort]: { S: FilterRule.isEqual(observationItems.targets) } } },
        }),
      ],
    }).node.addDependency(target.role);
  }
}

/** The function may leave its failed calls there anyway; CDK's own class would let it read the queue's settings too. */
function keptIn({ queueArn }: IQueue): IEventSourceDlq {
  return { bind: () => ({ destination: queueArn }) };
}
