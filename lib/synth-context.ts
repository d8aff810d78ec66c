/** What `-c name=value` may set at synth: choices of one deployment that say nothing about routing. */
export interface SynthContext {
  /** The configuration file. */
  readonly config?: string;
  /** The AWS organization that callers of access roles must belong to. */
  readonly organizationId?: string;
  /** Requests in flight kept for each gateway. */
  readonly gatewayConcurrency?: number;
}

const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;

/**
 * Reads `config`, `organization` and `gatewayConcurrency`.
 *
 * @throws RangeError naming the setting, its value and what would be right.
 */
export function parseSynthContext(read: (name: string) => unknown): SynthContext {
  const config = read('config');
  const organizationId = read('organization');
  const concurrency = read('gatewayConcurrency');
  return {
    ...(config === undefined ? {} : { config: String(config) }),
    ...(organizationId === undefined ? {} : { organizationId: checkedOrganization(organizationId) }),
    ...(concurrency === undefined ? {} : { gatewayConcurrency: checkedConcurrency(concurrency) }),
  };
}

const NAMES = ['config', 'organization', 'gatewayConcurrency'];

/** Settings that nothing reads, mistyped ones among them. Those of the CDK itself have a colon or a slash in their names. */
export function unreadContext(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => !NAMES.includes(name) && !/[:/]/.test(name))
    .map((name) => `context ${name}: nothing reads it; there are ${NAMES.join(', ')}`);
}

function checkedOrganization(value: unknown): string {
  if (typeof value === 'string' && ORGANIZATION_ID.test(value)) return value;
  throw new RangeError(
    `context organization: ${String(value)} must be an organization id such as o-a1b2c3d4e5`,
  );
}

function checkedConcurrency(value: unknown): number {
  const concurrency = Number(value);
  if (Number.isInteger(concurrency) && concurrency >= 1) return concurrency;
  throw new RangeError(`context gatewayConcurrency: ${String(value)} must be a whole number from 1`);
}
