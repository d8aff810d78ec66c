/** Break it, in local mode: order a fault of a real region, and watch what the gateways do about it. */
import { useMemo, useState } from 'preact/hooks';
import type { Availability } from '#contract/http.ts';
import type { TrafficReport } from '#contract/local-traffic.ts';
import { isApiProblem } from '../shell/api-problem.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { Loading, Problem } from '../shell/states.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { useNow } from '../shell/use-now.ts';
import { BreakForm } from './break-form.tsx';
import { describeRule, type FaultRule } from './breakage.ts';
import { choicesOf } from './choices.ts';
import { happeningAt } from './happening.ts';
import { HappeningView } from './happening-view.tsx';
import { InForce } from './in-force.tsx';
import { LocalControl } from './local-control.ts';
import { TrafficForm } from './traffic-form.tsx';

const FAULTS_EVERY_MS = 2_000;
const TRAFFIC_EVERY_MS = 1_000;
const TARGETS_EVERY_MS = 30_000;

export function BreakItPage({ api }: { readonly api: ConsoleApi }) {
  const faults = useAnswer<readonly FaultRule[]>(api, '/_local/faults', FAULTS_EVERY_MS);
  const traffic = useAnswer<TrafficReport>(api, '/_local/traffic', TRAFFIC_EVERY_MS);
  // With the table dead it cannot be read: what was known before stays, and mending goes on working.
  const targets = useAnswer<Availability>(api, '/spillway/v1/availability', TARGETS_EVERY_MS);
  const now = useNow(1_000);
  const { act, told } = useAction(() => {
    faults.again();
    traffic.again();
  });
  const control = useMemo(() => new LocalControl(document.baseURI, (input, init) => fetch(input, init)), []);
  const problem = faults.problem ?? traffic.problem;
  const gateways = traffic.answer?.choices.gateways;
  const choices = useMemo(() => choicesOf(targets.answer, gateways ?? []), [targets.answer, gateways]);
  if (faults.answer === undefined || traffic.answer === undefined)
    return problem === undefined ? (
      <Loading what="what is in force" />
    ) : (
      <Problem problem={problem} onRetry={faults.again} />
    );
  return (
    <>
      <h1>Break it</h1>
      <p class="break-told" role="status">
        {problem === undefined ? told : `✗ ${problem.message}`}
      </p>
      <BreakForm
        choices={choices}
        onBreak={(rule) => act(describeRule(rule).title, () => control.breakIt(rule))}
      />
      <InForce
        rules={faults.answer}
        onMend={(rule) => act(`Mended: ${describeRule(rule).title}`, () => control.mend(rule))}
        onMendEverything={() => act('Everything is mended', () => control.mendEverything())}
      />
      <section aria-labelledby="break-traffic-title">
        <h2 id="break-traffic-title">Traffic</h2>
        <TrafficForm
          report={traffic.answer}
          onStart={(order) => act('Traffic runs', () => control.startTraffic(order))}
          onStop={() => act('Traffic is stopped', () => control.stopTraffic())}
        />
      </section>
      <HappeningView happening={happeningAt(traffic.answer, now)} recent={traffic.answer.recent} />
    </>
  );
}

/** What was done last in words, or why it was not. */
function useAction(afterwards: () => void) {
  const [told, setTold] = useState(
    'Only this machine’s stand-in for AWS is broken. What is in force stays until it is mended, or local mode ends.',
  );
  const act = (done: string, run: () => Promise<void>): void => {
    run()
      .then(
        () => setTold(`${done}.`),
        (error: unknown) => setTold(`✗ ${isApiProblem(error) ? error.message : String(error)}`),
      )
      .finally(afterwards);
  };
  return { act, told };
}
