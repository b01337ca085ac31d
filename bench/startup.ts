import { join } from 'node:path';
import { checkout, checkoutNode } from './checkout.ts';
import { devopsRow, environment, peerRow, sideBySide, type BenchRequest, type BenchResult } from './harness.ts';
import { versionLine } from './programs.ts';
import type { Row } from './rounds.ts';

/**
 * The floor is an empty CommonJS file under the very same Node binary: another copy of it, even of the same version,
 * starts up to a tenth slower or faster.
 */
export function run(request: BenchRequest): Promise<BenchResult> {
  const node = checkoutNode();
  const rows: Row[] = [
    {
      name: 'node empty.cjs',
      argv: [node, join(checkout, 'bench/empty.cjs')],
      version: versionLine([node, '--version'], environment),
    },
    devopsRow(['--version'], { atMost: 1.1 }),
    devopsRow(['--help'], { atMost: 1.4 }),
    devopsRow(['completion', 'bash'], { atMost: 1.45 }),
    peerRow({ program: 'gh', args: ['--version'], install: 'apt-get install gh' }),
    peerRow({
      program: 'kubectl',
      args: ['version', '--client'],
      versionArgs: ['version', '--client'],
      install: 'apt-get install kubernetes-client',
    }),
    peerRow({ program: 'npm', args: ['--version'], install: 'comes with Node.js' }),
    peerRow({ program: 'aws', args: ['--version'], install: 'apt-get install awscli' }),
    peerRow({ program: 'python3', args: ['-c', '0'], install: 'apt-get install python3' }),
  ];
  return sideBySide(request, 'none: no configuration, an empty working directory, output to /dev/null', rows);
}
