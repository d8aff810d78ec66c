/** Why an operator's version stands, in words that also tell who it was. */

/** Who ordered a version, and why. */
export interface PublicationOrder {
  readonly by: string;
  readonly reason: string;
}

const ROLLED_BACK = /^rolled back to version \d+ by (.+?): /;
const FORCED = /^forced by (.+?) \(/;

export function rolledBackReason(version: number, { by, reason }: PublicationOrder): string {
  return `rolled back to version ${version} by ${by}: ${reason}`;
}

export function forcedReason(planned: string, { by, reason }: PublicationOrder): string {
  return `forced by ${by} (${reason}): ${planned}`;
}

/** Whoever ordered the version that has this reason. Undefined where plan published it by itself. */
export function operatorOf(reason: string): string | undefined {
  return ROLLED_BACK.exec(reason)?.[1] ?? FORCED.exec(reason)?.[1];
}
