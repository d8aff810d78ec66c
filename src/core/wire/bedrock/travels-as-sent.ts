import type { ConverseRequestBody } from './converse-request-body.ts';

/**
 * Whether Bedrock can be sent the body as it is: neighbours of one role are refused, and so is a call without its input.
 * Where a tool makes the JSON answer that it asks for, it is written anew all the same.
 */
export function converseTravelsAsSent({ messages }: ConverseRequestBody): boolean {
  return messages.every(
    ({ role, content }, index) =>
      messages[index - 1]?.role !== role &&
      content.every(({ toolUse }) => toolUse === undefined || toolUse.input !== undefined),
  );
}
