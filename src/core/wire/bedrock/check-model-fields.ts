import type { Report } from './report.ts';

/** Members of `additionalModelRequestFields` through which a prompt could leave its residency, by name. */
const REFUSED = new Map([
  ['mcp_servers', 'a server elsewhere would leave the residency'],
  ['container', 'tools that the provider runs are not offered'],
  ['web_search_options', 'tools that the provider runs are not offered'],
  ['inference_geo', 'the residency says where a call may be answered: x-spillway-residency'],
]);

/** Tools whose work the caller does, also where the provider wrote down what they are. */
const RUN_BY_CALLER = /^(?:custom|function|(?:bash|computer|memory|text_editor)_\d{8})$/;

/**
 * Fields of models are handed on as they came, but for those that would take the prompt somewhere that no reach tells
 * of, and for guardrails beside `guardrailConfig`. An unknown type of tool counts as one that the provider runs.
 */
export function checkModelFields(
  fields: Readonly<Record<string, unknown>> | undefined,
  report: Report,
): void {
  for (const [key, value] of Object.entries(fields ?? {})) {
    const path = `additionalModelRequestFields.${key}`;
    const name = key.toLowerCase();
    const reason = REFUSED.get(name);
    if (reason !== undefined) report(path, `is not supported: ${reason}`);
    if (name.startsWith('amazon-bedrock-'))
      report(path, 'is not supported: guardrails stand in guardrailConfig');
    if (name === 'tools') checkTools(value, path, report);
  }
}

function checkTools(tools: unknown, path: string, report: Report): void {
  const list: readonly unknown[] = Array.isArray(tools) ? tools : [tools];
  for (const [index, tool] of list.entries()) {
    const type = typeOf(tool);
    if (type === undefined || (typeof type === 'string' && RUN_BY_CALLER.test(type))) continue;
    report(
      `${path}[${index}].type`,
      'is not supported: a tool that the provider runs may carry the prompt to places that no residency bounds',
    );
  }
}

function typeOf(tool: unknown): unknown {
  return typeof tool === 'object' && tool !== null && 'type' in tool ? tool.type : undefined;
}
