import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** What stands before a gateway's function, whatever it is made of. */
export interface IDoor extends IConstruct {
  /** @param path begins with a slash */
  urlForPath(path: string): string;
  /** Answers 5xx as callers see them. For alarms. */
  metricServerErrors(): Metric;
  /**
   * Lets a principal of this account call. Where nothing has to be signed it needs no permission, and a principal of
   * another account must be among those that the door was told of.
   */
  grantCall(grantee: IGrantable): Grant;
}
