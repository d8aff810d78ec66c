import type { ConverseRequestBody } from './converse-request-body.ts';

/**
 * Whether Bedrock can be sent the body as it is: the JSON answer that it asks for may be a tool there, neighbours of one
 * role are refused, and so is a call without its input.
 */
export function converseTravelsAsSent({ messages, outputConfig }: ConverseRequestBody): boolean {
  if (outputConfig?.textFormat !== undefined) return false;
  return messages.every(
    ({ role, content }, index) =>
      messages[index - 1]?.role !== role &&
      content.every(({ toolUse }) => toolUse === undefined || toolUse.input !== undefined),
  );
}
