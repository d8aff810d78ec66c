import { bodyViolations } from '#contract/body-violations.ts';
import { type Operation, type OperationName, operationSchemas } from '#contract/operations.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import { answerJson, answerRefusal } from './answer.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identifyOperator } from './identify-operator.ts';
import { readJsonBody } from './read-body.ts';
import type { Services } from './services.ts';
import { type Arrival, passed, type Refusal, refused, type Staged } from './stage.ts';

/**
 * POST /spillway/v1/operations/{pin|rollback|lift|disable}: an operator's order. Who may is settled before the body is read;
 * all violations of the body come at once; the audit entry is written before anything is done.
 */
export async function answerOperation(
  services: Services,
  arrival: Arrival,
  name: string,
): Promise<GatewayAnswer> {
  const { request, requestId } = arrival;
  const labels = { requestId };
  const identified = await identifyOperator(services, request);
  if (!identified.ok) return answerRefusal(identified.refusal, labels);
  if (!isOperation(name)) return answerRefusal(noOperation, labels);
  const body = await readJsonBody(request);
  if (!body.ok) return answerRefusal(body.refusal, labels);
  const operation = parseOperation(name, body.value);
  if (!operation.ok) return answerRefusal(operation.refusal, labels);
  const known = checkTarget(services, operation.value);
  if (!known.ok) return answerRefusal(known.refusal, labels);
  const { by } = identified.value;
  try {
    const done = await services.operations?.run(operation.value, { by, requestId });
    services.log.write('warn', 'operation-done', { requestId, operation: name, by });
    // What was ordered here holds here at once; other gateways read it within seconds.
    await services.disabledTargets.refresh();
    return answerJson(done, labels);
  } catch (error) {
    const refusal = refusalOf(error);
    services.log.write('warn', 'operation-failed', { requestId, operation: name, by, code: refusal.code });
    return answerRefusal(refusal, labels);
  }
}

const isOperation = (name: string): name is OperationName => Object.hasOwn(operationSchemas, name);

function parseOperation(name: OperationName, body: unknown): Staged<Operation> {
  const parsed = operationSchemas[name].safeParse(body);
  if (parsed.success) return passed({ name, order: parsed.data } as Operation);
  const violations = bodyViolations(parsed.error.issues, {});
  const message = violations.map((each) => `${each.path || 'body'}: ${each.message}`).join('; ');
  return refused({ code: 'invalid_request', message, param: violations[0]?.path || undefined });
}

/** A name with a slip of the pen would disable nothing, and nobody would notice until it mattered. */
function checkTarget({ routeSource, config }: Services, { name, order }: Operation): Staged<undefined> {
  if (name !== 'disable' || order.hours === 0) return passed(undefined);
  const { target } = order;
  const routed = Object.keys(config.models).some((model) =>
    Object.keys(config.residencies).some((residency) => {
      const { targets, baseline } = routeSource.routeFor(model, residency);
      return [...targets, ...baseline].some(({ id }) => id === target);
    }),
  );
  if (routed) return passed(undefined);
  const message = `There is no target "${target}" in any route or baseline; see \`spillway routes\`.`;
  return refused({ code: 'not_found', message, param: 'target' });
}

const noOperation: Refusal = {
  code: 'not_found',
  message: `There is no such operation; there are ${Object.keys(operationSchemas).join(', ')}.`,
};

/** A refusal in its own words where they may be shown; the rest is trouble with a table, and says no more. */
function refusalOf(error: unknown): Refusal {
  if (!isHouseError(error)) throw error;
  const { code, message } = error;
  if (code === 'route_unknown' || code === 'version_unknown' || code === 'hold_unknown')
    return { code: 'not_found', message };
  if (code === 'version_forbidden' || code === 'condition_lost')
    return { code: 'operation_refused', message };
  if (code === 'audit_unwritable' || code === 'control_unconfirmed')
    return { code: 'not_ready', message, retryAfterMs: 1000 };
  return {
    code: 'not_ready',
    message:
      'A table that the operation needs cannot be read or written at this moment. Look at what stands before you order it again.',
    retryAfterMs: 1000,
  };
}
