/** What is done with the deployed fleet to see it at work, and how a planted defect is made to show. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { responseHeaders } from '#contract/http.ts';
import { accessExternalId, accessRoleArn } from '#contract/resources.ts';
import {
  callerKey,
  changedStack,
  type DeployedFleet,
  euAccount,
  homeAccount,
  type SynthesizedFleet,
  stackOf,
} from './deployed-fleet.ts';
import { type SealedRecord, sealedRecords, verifyTrail } from './fleet-audit.ts';
import { watchFleet } from './fleet-watch.ts';
import type { Exercise, RunningDefect } from './running-defects.ts';
import { changing } from './template-changes.ts';

const pollMs = 50;
const waitMsMax = 40_000;
const showMsMax = 8_000;
/** How often an exercise is done at most before a planted defect has not shown. */
export const triesMax = 3;

/** @throws an Error that says what was waited for */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + waitMsMax;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${waitMsMax} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

export const exercisesAll: readonly Exercise[] = ['minute', 'access', 'gateway', 'audit'];

const gatewayStack = 'Gateway-eu-central-1';
/** Its function again, so that the next request meets an environment that knows nothing yet. */
const renewed = changing('AWS::Lambda::Function', 'GatewayFunction', ({ Properties }) => {
  Properties.Description = `${Properties.Description}, again`;
});
const trail = { account: euAccount, region: 'eu-central-1' };

export interface FleetExercises {
  /** Answers what goes wrong, beside what a watch of the fleet sees. */
  run(exercise: Exercise): Promise<readonly string[]>;
  /** Brings a stack to its changed template, lets the fleet run, and waits for what must go wrong. */
  show(defect: RunningDefect): Promise<void>;
  /** Brings a stack, and the gateway, back to their own templates. */
  restore(stackId: string): Promise<void>;
}

export function createExercises(fleet: DeployedFleet, synthesized: SynthesizedFleet): FleetExercises {
  const { assembly, configFile } = synthesized;
  const run = async (exercise: Exercise) => {
    if (exercise === 'gateway') return ask(fleet);
    if (exercise === 'audit') return askForRecord(fleet, configFile);
    if (exercise === 'minute') await fleet.passMinutes(1);
    else await becomeAccessRole(fleet);
    return [];
  };
  return {
    run,
    async show({ stack, change, exercise, says }) {
      const watch = await watchFleet(fleet);
      await fleet.deployment.deploy(changedStack(assembly, stack, change));
      if (exercise === 'gateway' && stack !== gatewayStack) {
        await fleet.deployment.deploy(changedStack(assembly, gatewayStack, renewed));
      }
      let found: readonly string[] = [];
      const shows = () => found.some((problem) => problem.includes(says));
      // Where a busy machine lets a call end too early, the next one is as good.
      for (let tries = 0; tries < triesMax && !shows(); tries += 1) {
        const problems = await run(exercise);
        const end = performance.now() + showMsMax;
        // What happens behind an answer comes after it.
        do {
          found = [...problems, ...(await watch.problems())];
          if (!shows()) await new Promise((resolve) => setTimeout(resolve, pollMs));
        } while (!shows() && performance.now() < end);
      }
      if (!shows()) throw new Error(`found is not "${says}" but: ${found.join('; ') || 'nothing'}`);
    },
    async restore(stackId) {
      for (const id of new Set([stackId, gatewayStack])) {
        await fleet.deployment.deploy(stackOf(assembly, id));
      }
    },
  };
}

/** One question to the gateway in Frankfurt. */
async function answerOf(fleet: DeployedFleet): Promise<Response> {
  const answer = await fetch(`${fleet.baseUrl(gatewayStack)}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${callerKey}`,
      'x-spillway-residency': 'eu',
    },
    body: JSON.stringify({
      model: 'chat-large',
      messages: [{ role: 'user', content: 'When does the tide turn?' }],
    }),
  });
  await answer.text();
  return answer;
}

async function ask(fleet: DeployedFleet): Promise<readonly string[]> {
  const { status } = await answerOf(fleet);
  return status === 200 ? [] : [`${gatewayStack} answers ${status}`];
}

/**
 * One question, its record, and what an operator is told of the chain that holds it. A record that is denied on its way is
 * seen by the watch, and nothing is left to wait for.
 */
async function askForRecord(fleet: DeployedFleet, configFile: string): Promise<readonly string[]> {
  const { verdicts } = fleet.cloud.judge;
  const verdictsBefore = verdicts.length;
  const findingsBefore = await findingsOf(fleet, configFile);
  const id = (await answerOf(fleet)).headers.get(responseHeaders.requestId);
  let record: SealedRecord | undefined;
  await until('the record, or what keeps it away', async () => {
    record = (await sealedRecords(fleet, trail)).find((sealed) => sealed.id === id);
    return record !== undefined || verdicts.slice(verdictsBefore).some(({ isAllowed }) => !isAllowed);
  });
  if (record === undefined) return [`the request ${id} has no record`];
  const findings = (await findingsOf(fleet, configFile)).filter((each) => !findingsBefore.includes(each));
  return record.lockMode === 'GOVERNANCE'
    ? findings
    : [`its record is locked by ${record.lockMode}`, ...findings];
}

async function findingsOf(fleet: DeployedFleet, configFile: string): Promise<readonly string[]> {
  const { findings } = await verifyTrail(fleet, configFile, trail.region);
  return findings.map(({ kind, segment, why }) => `${kind} ${segment}: ${why}`);
}

/** As verify does; what the stand-in thinks of it stands among its verdicts. */
async function becomeAccessRole({ cloud }: DeployedFleet): Promise<void> {
  const roleArn = `arn:aws:iam::${homeAccount}:role/acme-verify-us-east-1`;
  const sts = new STSClient(cloud.clients.settings({ account: homeAccount, region: 'us-east-1', roleArn }));
  const RoleArn = accessRoleArn('acme', euAccount);
  const asked = { RoleArn, RoleSessionName: 'verify', ExternalId: accessExternalId('acme') };
  await sts.send(new AssumeRoleCommand(asked)).catch(() => undefined);
  sts.destroy();
}
