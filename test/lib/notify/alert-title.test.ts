import { describe, expect, test } from 'vitest';
import { alertTitle } from '../../../src/lib/notify/alert-title.ts';
import { inventedAlert, inventedSubject } from './invented-alert.ts';

describe('the title of an alert', () => {
  test.for([
    [{ kind: 'failed', subjects: [] }, 'FAILED backup-db on web1: exit code 3'],
    [{ kind: 'failed', severity: 'warning', subjects: [] }, 'WARNING backup-db on web1: exit code 3'],
    [{ kind: 'findings' }, 'CRITICAL backup-db on web1: /home: 85% full (and 1 more)'],
    [{ kind: 'findings', moreSubjects: 5 }, 'CRITICAL backup-db on web1: /home: 85% full (and 6 more)'],
    [{ kind: 'recovered', subjects: [] }, 'RECOVERED backup-db on web1'],
    [
      { kind: 'still-failing', subjects: [inventedSubject({ subject: 'backup-db' })] },
      'STILL FAILING backup-db on web1: full',
    ],
    [{ kind: 'stuck', subjects: [], run: undefined as never }, 'STUCK backup-db on web1'],
    [{ kind: 'test', subjects: [] }, 'TEST backup-db on web1'],
    [
      {
        kind: 'still-failing',
        subjects: [
          inventedSubject({ change: 'still' }),
          inventedSubject({ change: 'still', subject: '/home' }),
          inventedSubject({ change: 'recovered', subject: '/var' }),
        ],
      },
      'STILL FAILING backup-db on web1: /: full (and 1 more, 1 recovered)',
    ],
    [
      {
        kind: 'missed',
        subjects: [
          inventedSubject({ message: 'worse' }),
          inventedSubject({ subject: 'backup-db', code: 'missed', message: 'the last good run was long ago' }),
        ],
      },
      'MISSED backup-db on web1: the last good run was long ago (and 1 more)',
    ],
    [
      {
        kind: 'failed',
        subjects: [inventedSubject(), inventedSubject({ subject: 'backup-db', message: 'exit code 3' })],
      },
      'FAILED backup-db on web1: exit code 3 (and 1 more)',
    ],
  ] as const)('%j is %s', ([changes, title]) => {
    expect(alertTitle(inventedAlert(changes))).toBe(title);
  });

  test('is one line of at most 200 characters that keeps the count', () => {
    const subjects = [inventedSubject({ subject: `a\r\nBcc: x${'y'.repeat(500)}` }), inventedSubject()];
    const title = alertTitle(inventedAlert({ kind: 'findings', subjects, job: 'j'.repeat(100) }));
    expect(title).not.toMatch(/[\r\n]/);
    expect(title.length).toBeLessThanOrEqual(200);
    expect(title).toMatch(/ \(and 1 more\)$/);
  });
});
