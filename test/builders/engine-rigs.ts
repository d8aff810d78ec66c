/** Ledgers over a real DynamoDB engine, in a world of virtual time. */
import type { DynamoDBClient, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { createDynamodbBlockStore } from '#adapters/aws/dynamodb-block-store.ts';
import {
  createDynamodbBlockLedger,
  createDynamodbCapacityLedger,
} from '#adapters/aws/dynamodb-capacity-ledger.ts';
import { createDynamodbLeasePageStore } from '#adapters/aws/dynamodb-lease-page-store.ts';
import { createBlockCapacityLedger } from '#usecases/capacity/block-capacity-ledger.ts';
import { createPagedCapacityLedger } from '#usecases/capacity/paged-capacity-ledger.ts';
import type { BlockStore } from '#usecases/ports/block-store.ts';
import type { LeasePageStore } from '#usecases/ports/lease-page-store.ts';
import type { CapacityRig } from './capacity-schedule.ts';
import type { CapacityWorld } from './capacity-world.ts';
import type { EngineNetwork } from './engine-network.ts';

type Rig = (world: CapacityWorld) => CapacityRig;

/** An engine that hangs fails a test by its own deadline: the worlds' time decides what is late. */
const callMsMax = 60_000;
const log = { write: () => undefined };

interface Opened {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** Makes other updates of the adapters' own, to plant bugs into them. */
export type UpdateBend = (input: UpdateItemCommandInput) => UpdateItemCommandInput;

/** Whatever the world does happens to the bytes of each request. */
export function networkedPagesRig(network: EngineNetwork, bend?: UpdateBend): Rig {
  const { table } = network;
  return (world) => ({
    open: ({ name, clock, random }) => {
      const client = bent(network.clientOf(world, name), bend);
      return createDynamodbCapacityLedger({ client, table, callMsMax, clock, random, log });
    },
  });
}

export function networkedBlocksRig(network: EngineNetwork, bend?: UpdateBend): Rig {
  const { table } = network;
  return (world) => ({
    open: ({ name, clock }) => {
      const client = bent(network.clientOf(world, name), bend);
      return createDynamodbBlockLedger({ client, table, callMsMax, clock, log, holder: name });
    },
  });
}

/** The world's network before the whole store, as it is before the stores in memory: what is drawn is the same. */
export function enginePagesRig({ client, table }: Opened): Rig {
  const store = createDynamodbLeasePageStore({ client, table, callMsMax });
  return (world) => ({
    open: ({ name, clock, random }) => {
      const sent: LeasePageStore = {
        admit: (...asked) => world.send(name, () => store.admit(...asked)),
        renew: (...asked) => world.send(name, () => store.renew(...asked)),
        release: (...asked) => world.send(name, () => store.release(...asked)),
      };
      return createPagedCapacityLedger({ store: sent, clock, random, log });
    },
  });
}

export function engineBlocksRig({ client, table }: Opened): Rig {
  const store = createDynamodbBlockStore({ client, table, callMsMax });
  return (world) => ({
    open: ({ name, clock }) => {
      const sent: BlockStore = {
        grow: (...asked) => world.send(name, () => store.grow(...asked)),
        keep: (...asked) => world.send(name, () => store.keep(...asked)),
      };
      return createBlockCapacityLedger({ store: sent, clock, log, holder: name });
    },
  });
}

function bent(client: DynamoDBClient, bend: UpdateBend | undefined): DynamoDBClient {
  if (bend !== undefined)
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) =>
          next(
            commandName === 'UpdateItemCommand'
              ? { ...args, input: bend(args.input as UpdateItemCommandInput) }
              : args,
          ),
      { step: 'initialize' },
    );
  return client;
}
