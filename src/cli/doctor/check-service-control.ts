import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SpillwayConfig } from '#contract/config.ts';
import { accessRoleArn } from '#contract/resources.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { type BrokenWay, judgeServiceControl } from '#core/permissions/judge-service-control.ts';
import { callWays, UNSPECIFIED_REGION } from '#core/permissions/model-authorizations.ts';
import { type PolicyStatement, parsePolicy } from '#core/permissions/policy-document.ts';
import { servedModels } from '#core/permissions/served-models.ts';
import { UsageError } from '../usage-error.ts';
import type { Check } from './check.ts';

const area = 'Service control policy';

/** A policy as the organization has it. @throws UsageError that names the file and everything wrong with it */
export function readServiceControl(file: string, folder: string): readonly PolicyStatement[] {
  const text = readPolicyText(file, resolve(folder, file));
  const parsed = parsePolicy(parseJson(file, text));
  if (parsed.ok) return parsed.statements;
  throw new UsageError(`--scp: ${file} is no policy: ${parsed.violations.join('; ')}`);
}

function readPolicyText(file: string, path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`--scp: there is no file ${file}`);
  if (found.isDirectory()) throw new UsageError(`--scp: ${file} is a directory, not a file with a policy`);
  const text = readOrRefuse(file, path);
  if (text.trim() === '') throw new UsageError(`--scp: ${file} is empty; it must have a policy as JSON`);
  return text;
}

function readOrRefuse(file: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--scp: ${file} cannot be read: ${(error as Error).message}`);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--scp: ${file} is not JSON: ${(error as Error).message}`);
  }
}

/** Whether a policy leaves every lawful way to call models open: one check for each account, and for each way broken. */
export function checkServiceControl(question: {
  readonly file: string;
  readonly statements: readonly PolicyStatement[];
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly accounts: readonly string[];
}): readonly Check[] {
  const { config, facts, statements, file } = question;
  return question.accounts.flatMap((account) => {
    const ways = callWays(servedModels(config, facts, account), facts);
    const caller = { account, roleArn: accessRoleArn(config.name, account) };
    const broken = judgeServiceControl({ statements, ways, caller });
    const affected = new Set(broken.map(({ way }) => `${way.id} ${way.source}`)).size;
    const head = { area, place: account };
    return [
      ...broken.map((one) => ({ ...head, ...findingOf(one, file) })),
      {
        ...head,
        subject: file,
        status: 'fine' as const,
        detail: `leaves ${ways.length - affected} of ${ways.length} ways to call models open`,
      },
    ];
  });
}

function findingOf(
  { way, region, verdict, statement, keys }: BrokenWay,
  file: string,
): Pick<Check, 'subject' | 'status' | 'detail' | 'todo'> {
  const subject = `${way.id} from ${way.source}`;
  const where = wordsOf(way, region);
  if (verdict === 'denied')
    return {
      subject,
      status: 'broken',
      detail: `statement ${statement} denies ${where}, so the whole call fails`,
      todo: `Except ${region} for Bedrock in statement ${statement} of ${file}, or take the profiles that run there out of the configuration's residencies.`,
    };
  if (verdict === 'not-allowed')
    return {
      subject,
      status: 'advice',
      detail: `no statement allows ${where}`,
      todo: `Make sure that another policy beside ${file} allows bedrock:InvokeModel in ${region}: this one allows other things alone.`,
    };
  const [denies, detail] =
    verdict === 'denial-depends'
      ? ['denies', `statement ${statement} may deny ${where}`]
      : ['allows', `only statement ${statement} may allow ${where}`];
  return {
    subject,
    // Not known is not fine.
    status: 'broken',
    detail,
    todo: `Look at statement ${statement} of ${file}: whether it ${denies} ${region} depends on ${keys.join(', ')}, ask who keeps the organization's policies what a gateway's call has there.`,
  };
}

function wordsOf(way: BrokenWay['way'], region: string): string {
  if (region === UNSPECIFIED_REGION)
    return 'the region "unspecified", as which AWS counts a call that may run anywhere';
  return region === way.source ? `${region}, where it is called` : `the destination ${region}`;
}
