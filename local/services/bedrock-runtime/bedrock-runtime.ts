/**
 * The data plane of Bedrock: answers for whoever the world lets through, in the time the engine model says.
 *
 * Invariant: the reach of a call comes from the world's facts before it runs, so that refused calls have one too. No state
 * but the line of running requests and the compiled grammars.
 */
import * as client from '@aws-sdk/client-bedrock-runtime';
import type { ServiceDefinition } from '../../service.ts';
import type { Serving } from '../../world/answers/serving.ts';
import { bareId } from '../../world/arn.ts';
import type { World } from '../../world/world.ts';
import { accessQuestions } from './access-questions.ts';
import { reachOfCall } from './call-target.ts';
import { GrammarCache } from './compile-grammar.ts';
import { converse, converseStream } from './converse.ts';
import { countTokens } from './count-tokens.ts';
import { invokeModel } from './invoke-model.ts';

/** Bedrock Runtime over this world. */
export function bedrockRuntimeService(world: World, serving: Serving): ServiceDefinition {
  const runtime = { world, serving, grammars: new GrammarCache() };
  return {
    service: 'bedrock-runtime',
    signingNames: ['bedrock'],
    client,
    operations: {
      Converse: (input, context) => converse(runtime, input, context),
      ConverseStream: (input, context) => converseStream(runtime, input, context),
      CountTokens: (input, context) => countTokens(world, input, context),
      InvokeModel: (input, context) => invokeModel(runtime, input, context),
    },
    targetOf: (_operation, input) => (typeof input.modelId === 'string' ? bareId(input.modelId) : undefined),
    questionsOf: (input, context) => accessQuestions(world, input, context),
    reachOf: (_operation, input, place) => reachOfCall(world, input.modelId, place),
  };
}
