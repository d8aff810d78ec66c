import type { Deployment } from '#core/dedicated/deployment.ts';
import { judgeDeployment, type SoundDeployment } from '#core/dedicated/judge-deployment.ts';
import { shippedFacts } from '#test/builders/facts.ts';

/** A model of eight billion weights on one GPU of 48 GB, two copies and up to six, with nothing wrong in it. */
export function aDeployment(changes: Partial<Deployment> = {}): Deployment {
  return {
    region: 'us-east-1',
    endpoint: 'chat-small',
    component: 'chat-small-copies',
    instanceTypes: ['ml.g6e.2xlarge'],
    memoryGiBPerCopy: 24,
    engine: 'llama-3.1-8b',
    contextTokensMax: 32_768,
    concurrencyPerCopy: 16,
    weights: { from: 's3', uri: 's3://models/chat-small/v3/' },
    prefixCaching: true,
    scheduling: 'fcfs',
    routing: { strategy: 'least-outstanding-requests' },
    copies: 2,
    copiesMin: 2,
    copiesMax: 6,
    targetConcurrencyPerCopy: 12,
    ...changes,
  };
}

/** As it is deployed; fails the test that asks for a contradictory one. */
export function aSoundDeployment(changes: Partial<Deployment> = {}): SoundDeployment {
  const judgement = judgeDeployment(aDeployment(changes), shippedFacts);
  if (judgement.kind === 'sound') return judgement.deployment;
  throw new Error(judgement.contradictions.map(({ member, message }) => `${member}: ${message}`).join('\n'));
}

/** Every contradiction of a deployment as `member: message`. */
export function contradictionsOf(changes: Partial<Deployment>): readonly string[] {
  const judgement = judgeDeployment(aDeployment(changes), shippedFacts);
  if (judgement.kind === 'sound') return [];
  return judgement.contradictions.map(({ member, message }) => `${member}: ${message}`);
}
