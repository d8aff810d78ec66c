import { afterAll, beforeAll, describe, it } from 'vitest';
import { createLambdaHost, type LambdaHost } from '#local/lambda/lambda-host.ts';
import { clientScenarios } from '#test/builders/client-scenarios.ts';
import { type LambdaFunctions, openLambdaFunctions } from '#test/builders/lambda-functions.ts';
import { runtimeClients } from '#test/builders/runtime-clients.ts';

describe.each(runtimeClients)('a function under $name', ({ skip, ...options }) => {
  // A second try may not find the function of the first.
  let made = 0;
  describe.skipIf(skip !== undefined)(skip ?? 'tells its caller of', () => {
    let functions: LambdaFunctions;
    let host: LambdaHost;

    beforeAll(() => {
      functions = openLambdaFunctions();
      host = createLambdaHost({ streamedBytesMax: 2_000_000, ...options });
    });

    afterAll(async () => {
      await host?.close();
      functions?.close();
    });

    it.concurrent.for(clientScenarios)('$what', async (scenario, { expect }) => {
      const { what, code, told, isLate, ...given } = scenario;
      made += 1;
      const name = `${what.replaceAll(' ', '-').replaceAll(',', '')}-${made}`;
      const { event = {}, ...handler } = given;
      const overrides = { timeoutSeconds: isLate === true ? 1 : 30, ...handler };
      const arn = host.createFunction(functions.spec(name, code, overrides));
      const { requestId, functionError, payload } = await host.invoke(arn, JSON.stringify(event));
      const text = payload.toString().replaceAll(requestId, '<id>');
      const { errorType, errorMessage } = functionError === undefined ? {} : JSON.parse(text);
      expect(functionError === undefined ? text : { error: { errorType, errorMessage } }).toEqual(told);
      // Whatever the answer was, the environment is there for the next request.
      await expect
        .poll(() => host.environments(arn).map(({ state }) => state), { timeout: 10_000 })
        .toEqual(['idle']);
    });
  });
});
