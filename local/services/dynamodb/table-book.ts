import type { Json } from './engine.ts';
import { arnOf, type TableAddress } from './table-address.ts';

/** What is remembered of a table beside its items, because the engine has no place for it. */
export interface TableSettings {
  /** Members of the table's description that the engine does not keep. */
  description: Json;
  deletionProtected: boolean;
  timeToLive?: { readonly attribute: string } | undefined;
  pointInTimeRecovery: boolean;
  recoveryPeriodInDays: number;
  policy?: { readonly text: string; readonly revisionId: string } | undefined;
}

/** AWS's default recovery window. */
const recoveryPeriodInDaysDefault = 35;

/** Settings by table. */
export class TableBook {
  readonly #settings = new Map<string, TableSettings>();

  of(address: TableAddress): TableSettings {
    const arn = arnOf(address);
    let settings = this.#settings.get(arn);
    if (settings === undefined) {
      settings = {
        description: {},
        deletionProtected: false,
        pointInTimeRecovery: false,
        recoveryPeriodInDays: recoveryPeriodInDaysDefault,
      };
      this.#settings.set(arn, settings);
    }
    return settings;
  }

  policyOf(address: TableAddress): string | undefined {
    return this.#settings.get(arnOf(address))?.policy?.text;
  }

  forget(address: TableAddress): void {
    this.#settings.delete(arnOf(address));
  }
}
