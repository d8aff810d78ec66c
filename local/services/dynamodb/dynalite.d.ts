/** The parts of dynalite that the stand-in calls in process. The package ships no types. */
declare module 'dynalite/db/index.js' {
  export interface Store {
    readonly tableDb: { awsAccountId: string; awsRegion: string };
    readonly db: { close(done: (error?: Error) => void): void };
  }
  const db: {
    create(options: { createTableMs: number; deleteTableMs: number; updateTableMs: number }): Store;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  const validations: {
    checkTypes(data: object, types: object): Record<string, unknown>;
    checkValidations(data: object, types: object, custom: unknown, store: Store): void;
  };
  export default validations;
}
