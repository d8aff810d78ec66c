/** What a gateway's audit records name beside what was decided, for the gateway and for whoever makes decisions again. */
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { canonicalJson } from '#core/plan/canonical-json.ts';
import type { AuditTrail } from '#usecases/ports/audit-trail.ts';
import type { Auditing, AuditVersions } from '#usecases/ports/auditing.ts';
import { shippedFacts, shippedFactsDigest } from './facts-data.ts';
import { codeRevision } from './source-revision.ts';

interface DecidedWith {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
}

/** That of package.json, which no bundle should hold. */
const PRODUCT_VERSION = '0.1.0';
/** Of facts that are not those of the release. */
const OTHER_FACTS = '0'.repeat(64);

export function auditVersions({ config, facts }: DecidedWith): AuditVersions {
  return {
    code: `${PRODUCT_VERSION}+${codeRevision()}`,
    config: cryptoDigest.sha256Hex(canonicalJson(config)),
    facts: facts === shippedFacts() ? shippedFactsDigest(cryptoDigest) : OTHER_FACTS,
  };
}

/** Hashes nothing before the first answer is out. */
export function auditingOf({
  trail,
  ...decidedWith
}: DecidedWith & { readonly trail: AuditTrail }): Auditing {
  let versions: AuditVersions | undefined;
  return {
    trail,
    nextTurn: () => new Promise((resolve) => void setImmediate(resolve)),
    versions: () => {
      versions ??= auditVersions(decidedWith);
      return versions;
    },
  };
}
