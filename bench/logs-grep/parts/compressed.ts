import type { BenchRequest } from '../../harness.ts';
import type { Section } from '../../ssl-expiry/sections.ts';
import type { Bar, Comparison } from '../comparison.ts';
import { comparisonSection } from '../comparison-section.ts';
import { needle } from '../data/write-day.ts';
import { measureComparison } from '../measure-comparison.ts';
import { peer, ripgrep } from '../peers.ts';
import type { Rig } from '../rig.ts';

const twice: readonly Bar[] = [{ figure: 'CPU', atLeast: 2 }];
const noSlower: readonly Bar[] = [
  { figure: 'CPU', atLeast: 1 },
  { figure: 'wall', atLeast: 1 },
];

/** A rare literal in a compressed log. */
export async function compressedPart(rig: Rig, request: BenchRequest, runs: number): Promise<Section[]> {
  const gz = await rig.files.gzip();
  const zst = await rig.files.zstd();
  const ours = (file: string, name: string) => rig.devops(`${needle} ${name}`, [needle, file]);
  const comparisons: Comparison[] = [
    {
      title: 'literal in .gz',
      contenders: [
        ours(gz, 'app.log.gz'),
        ripgrep(`-z ${needle} app.log.gz`, ['-z', needle, gz], { bars: twice }),
        peer('zgrep', 'apt-get install gzip', `${needle} app.log.gz`, [needle, gz], { bars: twice }),
        peer('ugrep', 'apt-get install ugrep', `-z ${needle} app.log.gz`, ['-z', needle, gz], { bars: noSlower }),
      ],
    },
    {
      title: 'literal in .zst',
      contenders:
        zst === undefined
          ? [{ name: `rg -z ${needle} app.log.zst`, missing: 'apt-get install zstd' }]
          : [
              ours(zst, 'app.log.zst'),
              ripgrep(`-z ${needle} app.log.zst`, ['-z', needle, zst], { bars: noSlower.slice(0, 1) }),
            ],
    },
  ];
  const sections: Section[] = [];
  for (const comparison of comparisons) {
    const measured = await measureComparison(comparison, runs, rig, request);
    const facts = ['app.log by gzip -6 (pigz where there is one) and by zstd -3'];
    sections.push(comparisonSection(`rare ${comparison.title}`, facts, [measured]));
  }
  return sections;
}
