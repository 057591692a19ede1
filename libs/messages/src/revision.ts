import { createHash } from 'node:crypto';

/** What is the same until a release changes it, as it is sent: whoever has that revision is sent nothing. */
export interface Revision {
  readonly text: string;
  /** As the header ETag has it. */
  readonly tag: string;
}

export function revisionOf(content: object): Revision {
  const text = JSON.stringify(content);
  return { text, tag: `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"` };
}

/** Whether the header If-None-Match names the revision; whatever carried it may have marked it as weak. */
export const isRevisionKnown = ({ tag }: Revision, ifNoneMatch: string | undefined): boolean =>
  (ifNoneMatch ?? '').split(',').some((one) => ['*', tag].includes(one.trim().replace(/^W\//, '')));
