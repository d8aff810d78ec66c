/**
 * The stand-in's DynamoDB: dynalite for items and expressions, and beside it what dynalite lacks and the product
 * uses: accounts and regions apart, tables of others by ARN under resource policies, replicas, descriptions.
 *
 * Invariant: state lives in `Tables` alone, in memory; what neither the engine nor this folder does is refused,
 * never taken without effect.
 */
import * as client from '@aws-sdk/client-dynamodb';
import type { ControlResource, ServiceDefinition } from '../../service.ts';
import { accessQuestions } from './access-questions.ts';
import type { ChangeStreams } from './change-streams.ts';
import { itemOperations } from './item-operations.ts';
import { policyOperations } from './policy-operations.ts';
import { replicationControl } from './replication-control.ts';
import { resolveTable } from './table-address.ts';
import { tableOperations } from './table-operations.ts';
import { Tables } from './tables.ts';
import { upkeepOperations } from './upkeep-operations.ts';

export interface DynamoDb {
  /** What changed in tables with a stream, for whoever polls streams beside the stand-in. */
  readonly streams: ChangeStreams;
  readonly service: ServiceDefinition;
  readonly control: ControlResource;
  close(): Promise<void>;
}

export interface DynamoDbOptions {
  /** Whether IAM is judged before a call comes here: then tables' policies may hold whatever IAM knows. @default false */
  readonly isGuarded?: boolean;
}

export function createDynamoDb({ isGuarded = false }: DynamoDbOptions = {}): DynamoDb {
  const tables = new Tables(isGuarded);
  return {
    streams: tables.streams,
    service: {
      service: 'dynamodb',
      signingNames: ['dynamodb'],
      client,
      operations: {
        ...itemOperations(tables),
        ...tableOperations(tables),
        ...policyOperations(tables),
        ...upkeepOperations(tables),
      },
      targetOf: (_, input) => tableNameOf(input),
      questionsOf: (_, context) => accessQuestions(tables, context),
    },
    control: replicationControl(tables.replication),
    close: () => tables.close(),
  };
}

/** The plain name of the table a call is about, also where it says it by ARN; of a batch, its first table. */
function tableNameOf(input: Readonly<Record<string, unknown>>): string | undefined {
  const { TableName, ResourceArn, RequestItems } = input;
  const named = TableName ?? ResourceArn ?? Object.keys((RequestItems ?? {}) as object)[0];
  return typeof named === 'string' ? resolveTable(named, { account: '', region: '' }).table : undefined;
}
