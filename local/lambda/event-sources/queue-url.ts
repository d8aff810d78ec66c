/** The stand-in's URL of a queue: asking for it would take a permission that Lambda does not need. */
export function queueUrl(awsUrl: string, queueArn: string): string {
  const [, , , , account, name] = queueArn.split(':');
  return `${awsUrl}/${account}/${name}`;
}
