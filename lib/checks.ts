import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { TemplateLimits } from './template-limits.ts';

/**
 * Everything that is checked at each synth beside CDK's own validation of templates. A finding fails the synth: it is
 * mended, or acknowledged where it arises by its own id with its own reason.
 */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
    new NIST80053R5Checks(app),
    new TemplateLimits(),
  );
}
