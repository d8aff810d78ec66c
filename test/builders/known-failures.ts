/**
 * Thirty failures that users of other gateways reported in public, in our words, each with the tests that hold the
 * lesson here or the reason why it has no place yet. `test/main-job/known-failures.test.ts` checks that they exist.
 */

import type { TestReference } from './test-titles.ts';

export interface KnownFailure {
  /** Where it was reported, or stands in the source: `owner/repository#number`, or the repository. */
  readonly reports: readonly string[];
  readonly failure: string;
  readonly held?: readonly TestReference[] | undefined;
  /** Why nothing holds it, or not all of it. */
  readonly open?: string | undefined;
}

const battery: TestReference = ['main-job/fault-battery.test.ts', 'is what the docs show'];
const noReplay: TestReference = [
  'main-job/failing-targets.test.ts',
  'by %s ends in a typed error, without an invented stop and without a replay',
];
const later = (what: string): string => `Nothing like it exists here yet: ${what}.`;

export const knownFailures: readonly KnownFailure[] = [
  {
    reports: ['BerriAI/litellm#40404'],
    failure: 'A stream is cut, stalls or is damaged after some tokens, and no rule says what callers get.',
    held: [battery, noReplay],
  },
  {
    reports: ['BerriAI/litellm#42085'],
    failure: 'A stream that ends without its end mark is closed with an invented `stop`.',
    held: [
      battery,
      noReplay,
      [
        'usecases/gateway/attempt.test.ts',
        'after content ends a stream with a typed error, and nothing is replayed',
      ],
      ['adapters/aws/converse-stream.test.ts', 'fails when it ends %s'],
      [
        'adapters/aws/server-sent-lines.test.ts',
        'fail where their format lacks its end, and hand on whether pieces follow',
      ],
    ],
  },
  {
    reports: ['Portkey-AI/gateway#1797'],
    failure: 'A broken upstream ends the answer silently: status 200, no end mark, nothing in the log.',
    held: [
      ['usecases/gateway/deliver.test.ts', 'that broke is told as such in the log and in the numbers'],
      ['server/node-server.test.ts', 'breaks the connection when a body fails'],
    ],
  },
  {
    reports: ['maximhq/bifrost#5395'],
    failure:
      'Events that carry no content count as the beginning, so an error behind them cannot be failed over.',
    held: [
      battery,
      ['usecases/gateway/deliver.test.ts', 'sends its head only when the first content is there'],
    ],
  },
  {
    reports: ['BerriAI/litellm#30946', 'can1357/oh-my-pi#12449'],
    failure: 'Exceptions inside a stream of Bedrock all become 400, which nobody tries again.',
    held: [['core/failures/classify-failure.test.ts', 'reads %s inside a stream as before one']],
  },
  {
    reports: ['BerriAI/litellm#26067'],
    failure: 'The call is made when the stream is first read, outside of what would retry it.',
    held: [
      ['usecases/gateway/attempt.test.ts', '%s moves a plain and a streamed answer to the next target'],
      [
        'usecases/gateway/call-target.test.ts',
        'gives every event in order, those before the first content too',
      ],
    ],
  },
  {
    reports: ['BerriAI/litellm#38610'],
    failure: 'Status 200 has left before either target has said a word, and then both fail.',
    held: [
      ['usecases/gateway/attempt.test.ts', '%s has sent no head yet: when both fail it is a real error'],
    ],
  },
  {
    reports: ['BerriAI/litellm#19077', 'BerriAI/litellm#28216'],
    failure: 'Switches against failover hold on one path and are forgotten on another.',
    held: [
      battery,
      [
        'usecases/gateway/resume-stream.test.ts',
        'holds the residency: with no other lawful target it ends as ever',
      ],
      [
        'main-job/residency.property.test.ts',
        'lets no call leave its residency, and answers what it may answer',
      ],
    ],
  },
  {
    reports: ['BerriAI/litellm#32835'],
    failure: 'A retry after shown output begins anew, and callers read the text twice.',
    held: [
      battery,
      ['usecases/gateway/resume-stream.test.ts', 'goes on with the next target when it is %s'],
      ['core/chat/splice-events.test.ts', 'does not repeat the white space at which the shown part ended'],
    ],
  },
  {
    reports: ['maximhq/bifrost#3261'],
    failure: 'A 429 or 403 of one target is taken for the caller’s, although another target would answer.',
    held: [
      ['usecases/gateway/attempt.test.ts', '%s moves a plain and a streamed answer to the next target'],
      ['usecases/gateway/conditions-book.test.ts', 'tells the control plane of a target’s own fault once'],
    ],
  },
  {
    reports: ['aws-samples/sample-kolya-br-proxy#15'],
    failure: 'A starved region accepts the call and says nothing for an hour.',
    held: [
      ['usecases/gateway/call-deadlines.test.ts', 'moves on from a target that hangs'],
      ['main-job/failing-targets.test.ts', 'is left within its share of the deadline'],
    ],
  },
  {
    reports: ['maximhq/bifrost#5211', 'OpenRouterTeam/ai-sdk-provider#440', 'BerriAI/litellm#8652'],
    failure: 'Long thoughts are cut by idle timers on the way.',
    held: [
      ['usecases/gateway/deliver.test.ts', 'keeps the caller’s connection awake while the model thinks'],
    ],
    open: 'Bedrock’s own formats have no event that says nothing, so streams in them have no heartbeat.',
  },
  {
    reports: ['BerriAI/litellm#16268'],
    failure: 'A call goes to the region of the process and not to that of the target.',
    held: [
      [
        'adapters/aws/upstream-address.test.ts',
        'addresses, signs and accounts for a Bedrock target from the target',
      ],
      [
        'adapters/aws/upstream-client.test.ts',
        'signs with the credentials, for the region and at the time of the target',
      ],
    ],
  },
  {
    reports: ['aws-samples/sample-kolya-br-proxy'],
    failure: 'Geography is guessed from the prefix of a name, with a default for what is unknown.',
    held: [
      ['core/residency/judge-reach.test.ts', 'lets no prefix permit'],
      ['core/residency/judge-reach.test.ts', 'is refused: an empty or missing reach, under every policy'],
    ],
  },
  {
    reports: ['BerriAI/litellm#34732', 'BerriAI/litellm#40095'],
    failure: 'Budgets are checked first and charged later, so many requests at once pass the limit.',
    open: later(
      'budgets of money over time. Tokens a minute and the cost limit of one request are taken by their worst case before the call',
    ),
    held: [
      [
        'main-job/limits.test.ts',
        'gets from each of two gateways exactly what its bucket holds, whichever process is asked',
      ],
      [
        'usecases/gateway/limit.test.ts',
        'takes the estimated input and the longest answer, and gives back what was not used',
      ],
      ['usecases/gateway/settle.test.ts', 'hold texts to the limit of cost that their caller set'],
    ],
  },
  {
    reports: ['BerriAI/litellm#37923', 'BerriAI/litellm#36168', 'BerriAI/litellm#42663'],
    failure: 'Usage of streams is lost and costs nothing; cached tokens cost nothing.',
    held: [
      ['usecases/gateway/settle.test.ts', 'are exact: tokens, cost in pico-USD'],
      ['core/units/micro-usd.test.ts', 'charges cached tokens as input where no cache price is known'],
      ['usecases/gateway/resume-stream.test.ts', 'counts and charges both parts'],
    ],
    open: 'A broken stream shows its caller an estimate; in the metrics it has neither tokens nor a cost.',
  },
  {
    reports: ['BerriAI/litellm#20256', 'BerriAI/litellm#17323', 'BerriAI/litellm#27955'],
    failure:
      'A count of requests under way is not given back after a timeout or an abort, and the target looks full.',
    held: [
      [
        'usecases/gateway/admit.test.ts',
        'has its slot back however the answer ends: whole, streamed, failed, or left by its caller',
      ],
      ['main-job/slots.test.ts', 'have the slots of callers that leave back at once'],
      [
        'usecases/gateway/resume-stream.test.ts',
        'leaves nothing open when the caller goes while the next target is asked',
      ],
    ],
  },
  {
    reports: ['maximhq/bifrost#3547', 'maximhq/bifrost#5673'],
    failure: 'Limits live in the memory of one replica, and a setting is accepted that nothing reads.',
    held: [
      [
        'main-job/limits.test.ts',
        'gets from each of two gateways exactly what its bucket holds, whichever process is asked',
      ],
      ['contract/config.test.ts', 'refuses settings that nothing reads, by name'],
      ['main-job/garbage.test.ts', 'names the unknown field'],
    ],
  },
  {
    reports: ['BerriAI/litellm#34934', 'BerriAI/litellm#38121', 'BerriAI/litellm#9533'],
    failure:
      'Requests survive the loss of a store and readiness does not, or a first failure is never recovered from.',
    held: [
      ['main-job/static-stability.test.ts', 'goes on answering: %s'],
      ['usecases/gateway/readiness.test.ts', 'comes after a quarter of a second even when nothing answers'],
      ['usecases/gateway/route-source.test.ts', 'stay as they are when the table fails later'],
    ],
  },
  {
    reports: [
      'BerriAI/litellm#35273',
      'BerriAI/litellm#34299',
      'BerriAI/litellm#40620',
      'BerriAI/litellm#32232',
    ],
    failure: 'A store that hangs holds up every request, and swallowed errors hide it.',
    held: [
      [
        'usecases/gateway/route-source.test.ts',
        'after a long freeze are waited for, for a tenth of a second at most',
      ],
      [
        'usecases/gateway/signal-reporter.test.ts',
        'keeps at most eight writes under way when the table hangs',
      ],
    ],
  },
  {
    reports: ['BerriAI/litellm#9690', 'BerriAI/litellm#34887', 'BerriAI/litellm#31866'],
    failure: 'Every request writes to the same few rows of a database, which lock each other.',
    open: 'Metrics are lines of the log. Only limits of tenants are kept in a table: one item a tenant and region.',
    held: [
      ['usecases/gateway/signal-reporter.test.ts', 'tells the same news of a target once a minute'],
      [
        'usecases/gateway/tenant-meter.test.ts',
        'shares one call among all that wait, and needs none for what it took ahead',
      ],
      ['usecases/gateway/limit.test.ts', 'costs tenants without limits nothing: no call, no header'],
    ],
  },
  {
    reports: [
      'BerriAI/litellm#12685',
      'BerriAI/litellm#6404',
      'BerriAI/litellm#21908',
      'BerriAI/litellm#38193',
    ],
    failure: 'Memory grows until the process dies: something is kept for each chunk or message.',
    held: [
      ['usecases/gateway/deliver.test.ts', 'reads from the target only as fast as the caller reads'],
      ['main-job/garbage.test.ts', 'get clear answers, and leave memory and file descriptors as they were'],
      ['server/node-server.test.ts', 'cuts off a caller that takes nothing of its answer'],
    ],
    open: 'The long run is `npm run soak`, outside of the tests.',
  },
  {
    reports: ['BerriAI/litellm#42450', 'apache/apisix#13495'],
    failure: 'A wait before each retry although another target is free; nested budgets that multiply.',
    held: [
      ['usecases/gateway/attempt.test.ts', 'no time is wasted while one is free, whatever the first wished'],
      ['usecases/gateway/refusal-after.test.ts', 'keeps to one budget of attempts'],
      ['usecases/gateway/conditions-book.test.ts', 'of all requests stay inside their one budget'],
    ],
  },
  {
    reports: [
      'BerriAI/litellm#40130',
      'BerriAI/litellm#40958',
      'BerriAI/litellm#3646',
      'BerriAI/litellm#7823',
    ],
    failure:
      'Rests are not prolonged, the last target is put to rest too, and the answer loses its Retry-After.',
    held: [
      [
        'usecases/gateway/refusal-after.test.ts',
        'is 429 with the earliest retry-after when every pool rests',
      ],
      [
        'usecases/gateway/conditions-book.test.ts',
        'asks the last lawful target for every request, however sick it is',
      ],
      ['usecases/gateway/conditions-book.test.ts', 'rests longer with each throttle in a row'],
    ],
  },
  {
    reports: [
      'BerriAI/litellm#13668',
      'BerriAI/litellm#7000',
      'BerriAI/litellm#26987',
      'BerriAI/litellm#38941',
    ],
    failure: 'Health checks are paid completions, fail models that think, and wake what sleeps.',
    held: [
      [
        'core/verify/choose-probes.test.ts',
        'never wakes what is scaled to zero, and never asks what cannot answer',
      ],
      ['core/verify/choose-probes.test.ts', 'stops at the cap of the day and of the run'],
      ['usecases/gateway/wake-up.test.ts', 'is woken by one spilled request a minute, with one token'],
    ],
  },
  {
    reports: ['BerriAI/litellm#19575', 'BerriAI/litellm#29955', 'vllm-project/semantic-router#2134'],
    failure: 'A cache of similar questions answers one tenant with what another was told.',
    open: later('a cache of answers'),
  },
  {
    reports: [
      'stdapi-ai/stdapi.ai#21',
      'manaflow-ai/subrouter#275',
      'BerriAI/litellm#26625',
      'BerriAI/litellm#7218',
    ],
    failure:
      'Regions in turn multiply what is written to prompt caches; hints to caches are lost or refused.',
    held: [
      [
        'core/decide/decide.test.ts',
        'puts the dedicated tier first, then serverless by nearness, then the baseline',
      ],
      ['adapters/aws/fit-to-model.test.ts', 'keeps cache points for %s'],
      ['adapters/aws/fit-to-model.test.ts', 'leaves cache points out for models that keep nothing'],
      [
        'main-job/prompt-caches.test.ts',
        'stays in one region for its turns, moves when that is throttled, and stays where it went',
      ],
      ['usecases/gateway/affinity-book.test.ts', 'is no other tenant’s, though it says the same'],
    ],
  },
  {
    reports: ['aws-samples/bedrock-access-gateway#88', 'aws-samples/bedrock-access-gateway#158'],
    failure: 'Throttling becomes a 500 or a long silence.',
    held: [
      [
        'main-job/failing-targets.test.ts',
        'is capacity_exhausted with the earliest Retry-After where every quota pool rests',
      ],
    ],
  },
  {
    reports: ['envoyproxy/ai-gateway#2248', 'envoyproxy/ai-gateway#1786', 'envoyproxy/ai-gateway#1866'],
    failure: 'Every request is charged as one token, and nobody notices.',
    held: [
      ['usecases/gateway/settle.test.ts', 'are exact: tokens, cost in pico-USD'],
      ['core/units/micro-usd.test.ts', 'costs a million tokens exactly their price'],
    ],
  },
  {
    reports: ['BerriAI/litellm#24518'],
    failure: 'A hijacked package takes the credentials of a gateway that holds them all.',
    held: [['tidy/tidy.test.ts', 'holds every platform’s optional packages']],
    open: 'The gateway holds roles and no keys of AWS; dependencies are few, pinned exactly and locked. No test can hold more.',
  },
];
