/// <reference path="./dynalite.d.ts" />
import { createRequire } from 'node:module';
import db, { type Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';

export type Json = Record<string, unknown>;

/** What an engine answered, in DynamoDB's own JSON. */
export interface EngineAnswer {
  readonly status: number;
  readonly body: Json;
}

/** What dynalite implements of DynamoDB. */
export type EngineAction =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'CreateTable'
  | 'DeleteItem'
  | 'DeleteTable'
  | 'DescribeTable'
  | 'GetItem'
  | 'ListTables'
  | 'ListTagsOfResource'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'TagResource'
  | 'UntagResource'
  | 'UpdateItem'
  | 'UpdateTable';

interface ActionModule {
  readonly types: object;
  readonly custom?: unknown;
  readonly run: (store: Store, data: object, done: (error: unknown, body?: Json) => void) => void;
}

interface EngineError {
  readonly statusCode?: number;
  readonly body?: Json;
}

const require = createRequire(import.meta.url);
const modules = new Map<EngineAction, ActionModule>();

/** One account's DynamoDB in one region: a dynalite store in memory, called without a socket between. */
export class Engine {
  readonly #store: Store;

  constructor(account: string, region: string) {
    this.#store = db.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    this.#store.tableDb.awsAccountId = account;
    this.#store.tableDb.awsRegion = region;
  }

  /** Runs one action. DynamoDB's refusals are answers; only a broken engine rejects. */
  async call(action: EngineAction, input: Json): Promise<EngineAnswer> {
    const { types, custom, run } = load(action);
    try {
      // The engine edits what it is given and keeps parts of it.
      const data = validations.checkTypes(structuredClone(input), types);
      validations.checkValidations(data, types, custom, this.#store);
      const body = await new Promise<Json>((resolve, reject) => {
        run(this.#store, data, (error, answer) => (error ? reject(error) : resolve(answer ?? {})));
      });
      return { status: 200, body: structuredClone(body) };
    } catch (error) {
      const { statusCode, body } = error as EngineError;
      if (statusCode === undefined || body === undefined) throw error;
      return { status: statusCode, body };
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#store.db.close(() => resolve()));
  }
}

/** Top-level members that the engine reads; it would drop others without a word. */
export function knownMembers(action: EngineAction): ReadonlySet<string> {
  return new Set(Object.keys(load(action).types));
}

function load(action: EngineAction): ActionModule {
  const known = modules.get(action);
  if (known !== undefined) return known;
  const file = `${action.charAt(0).toLowerCase()}${action.slice(1)}.js`;
  const { types, custom } = require(`dynalite/validations/${file}`) as ActionModule;
  const made = { types, custom, run: require(`dynalite/actions/${file}`) as ActionModule['run'] };
  modules.set(action, made);
  return made;
}
