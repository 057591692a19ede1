import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines that docs/the-log.md gives to auditors, as they stand there. */
const script = /```python\n([^]*?)```/.exec(readFileSync(join(__dirname, '..', 'docs', 'the-log.md'), 'utf8'))![1]!;

export const itWithPython = spawnSync('python3', ['--version']).status === 0 ? it : it.skip;

/** What they make of an export: the head on stdout, or where it does not hold on stderr. */
export function recomputed(lines: string): { readonly status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], { input: lines, encoding: 'utf8' });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}
