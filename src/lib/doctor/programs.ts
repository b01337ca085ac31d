import type { Config } from '../config/schema.ts';
import { checkSystemRule } from '../system/check-system-rule.ts';
import { metricsOfRules } from '../system/metric-catalogue.ts';

/** A program that devops starts, and what is lost without it. */
export interface DrivenProgram {
  name: string;
  /** Words that make it print its version on the first line. */
  versionWords: readonly string[];
  /** What cannot be done without it. */
  cost: string;
  install: string;
  /** Whether this devops.yaml needs it. */
  neededBy(config: Config): boolean;
}

/** Every program that lib/shell is ever asked to start. */
export const drivenPrograms: readonly DrivenProgram[] = [
  {
    name: 'systemctl',
    versionWords: ['--version'],
    cost: 'sysinfo cannot list services',
    install: 'it comes with systemd; a machine without systemd does not need it',
    neededBy: ({ sysinfo }) => {
      const rules = (sysinfo?.rules ?? []).map((rule) => checkSystemRule(rule.if));
      return metricsOfRules(rules).some(({ section }) => section === 'services');
    },
  },
  {
    name: 'stat',
    versionWords: ['--version'],
    cost: 'sysinfo reports every network mount as an error',
    install: 'apt install coreutils, or the like',
    neededBy: () => false,
  },
];
