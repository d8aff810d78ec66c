/** A gateway whose requests are recorded, and the sealed chain that its records come to. */
import { createMemoryChainHeadStore } from '#adapters/memory/memory-chain-head-store.ts';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createMemorySegmentStore } from '#adapters/memory/memory-segment-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { AuditRecord } from '#core/audit/handed-record.ts';
import type { DisabledTarget } from '#core/plan/disabled-target.ts';
import type { Target } from '#core/target.ts';
import { aGateway, configWithoutBaseline, gatewayStart } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { anAuditKeeper } from '#test/builders/audit-keeper.ts';
import { createSealer } from '#usecases/audit/seal-records.ts';

export const auditedRegion = 'us-east-1';
const chain = 'acme audit us-east-1';

/**
 * @param config @default the example without any baseline
 * @param disabled what operators said against targets @default nothing
 */
export async function anAuditedGateway(
  targets: readonly Target[],
  config = configWithoutBaseline(),
  disabled: readonly DisabledTarget[] = [],
) {
  const operatorWords = createMemoryOperatorStore();
  for (const word of disabled) await operatorWords.saveDisabled(word);
  const audit = anAuditKeeper();
  const route = aRoute({ targets });
  const made = aGateway({
    config,
    routes: [route, aRoute({ residency: 'anywhere', targets })],
    overrides: { auditing: audit, operatorWords },
  });
  await made.gateway.start();
  made.gateway.stop();
  const clock = { now: () => gatewayStart + 60_000 };
  const lock = { mode: 'governance', until: '2027-11-21T00:00:00.000Z' } as const;
  const segments = createMemorySegmentStore({ clock, lock });
  const heads = createMemoryChainHeadStore();
  const sealer = createSealer({
    ...{ chain, segments, heads, digest: cryptoDigest, clock },
    log: { write: () => undefined },
  });
  let sealed = 0;
  return {
    ...made,
    audit,
    route,
    segments,
    /** For commands: the trails of other regions are empty. */
    openArchive: async ({ region }: { readonly region: string }) => ({
      chain: region === auditedRegion ? chain : region,
      segments: region === auditedRegion ? segments : createMemorySegmentStore({ clock, lock }),
      heads: region === auditedRegion ? heads : createMemoryChainHeadStore(),
      close: () => undefined,
    }),
    trail: { archives: [{ region: auditedRegion, chain, segments, heads }], digest: cryptoDigest, clock },
    /** Seals what was recorded since, once it is as many; each may be changed on its way. */
    async seal(expected: number, change: (record: AuditRecord) => AuditRecord = (record) => record) {
      const deadline = Date.now() + 5_000;
      while (audit.lines.length < sealed + expected) {
        if (Date.now() > deadline) throw new Error(`${audit.lines.length} records, not ${sealed + expected}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const fresh = audit.lines.slice(sealed).map((line): AuditRecord => JSON.parse(line));
      await sealer.seal(
        fresh.map((record, index) => ({
          writer: 'writer-1',
          number: sealed + index + 1,
          record: change(record),
        })),
      );
      sealed += fresh.length;
    },
  };
}
