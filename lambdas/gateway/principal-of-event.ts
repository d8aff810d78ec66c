/** Who signed a request, as API Gateway (AWS_IAM) or a function URL (AWS_IAM) says beside it. */
import type { FrontDoorPrincipal } from '#core/keys/principal.ts';

/**
 * From the request context alone, which the front door writes and no caller can: never from a header or the body, and
 * for each payload from its own place, because a custom authorizer of the one may write where the other keeps it.
 * Undefined where nobody signed, or nobody checked.
 */
export function principalOfEvent(input: unknown): FrontDoorPrincipal | undefined {
  const { version, requestContext } = membersOf(input);
  const context = membersOf(requestContext);
  const { userArn, accountId } =
    version === '2.0' ? membersOf(membersOf(context.authorizer).iam) : membersOf(context.identity);
  if (typeof userArn !== 'string' || userArn === '') return undefined;
  return { arn: userArn, account: typeof accountId === 'string' ? accountId : undefined };
}

function membersOf(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null ? (input as Readonly<Record<string, unknown>>) : {};
}
