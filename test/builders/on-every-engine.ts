/** Tests over the DynamoDB engines of this machine. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, it } from 'vitest';
import type { TableKind } from '#contract/resources.ts';
import {
  createTestTable,
  type DynamodbEngine,
  dynamodbEngines,
  type RunningEngine,
} from './dynamodb-engines.ts';

/** Declares the tests for each engine; one that cannot run here is a skipped test that says why. */
export function onEveryEngine(what: string, declare: (engine: DynamodbEngine) => void): void {
  for (const engine of dynamodbEngines) {
    if (engine.skip === undefined) declare(engine);
    else it.skip(`${what} on ${engine.name}: ${engine.skip}`, () => undefined);
  }
}

export interface OneEngine {
  /** From `beforeAll` on. */
  readonly client: DynamoDBClient;
  /** A new, empty table. */
  createTable(kind: TableKind): Promise<string>;
}

/** The engine that is there on every machine, for the tests of the `describe` or file that calls this. */
export function useOneEngine(): OneEngine {
  let engine: RunningEngine | undefined;
  beforeAll(async () => {
    engine = await dynamodbEngines[0]?.start();
  });
  afterAll(() => engine?.close());
  const client = (): DynamoDBClient => {
    if (engine === undefined) throw new Error('the engine is not running');
    return engine.client;
  };
  return {
    get client() {
      return client();
    },
    createTable: (kind) => createTestTable(client(), kind),
  };
}
