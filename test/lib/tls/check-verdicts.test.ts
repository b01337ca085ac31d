import { expect, test } from 'vitest';
import { checkVerdicts } from '../../../src/lib/tls/check-verdicts.ts';
import { finding } from '../../../src/lib/tls/judge/finding.ts';
import { checked } from './checked.ts';

test('a target without a finding is fine, and says until when', () => {
  expect([...checkVerdicts(checked())]).toEqual([
    { status: 'ok', subject: 'one.test:443', code: 'valid', message: 'expires in 60d, on 2026-04-01' },
  ]);
});

test('every finding that counts is a verdict of its own, with its hint', () => {
  const findings = [
    finding('expired', 'it expired', { index: 0, hint: 'renew it now' }),
    finding('malformed', 'it cannot be read'),
    finding('weak-key', 'it is weak', { index: 1 }),
    finding('chain-order', 'it is out of order'),
  ];
  expect([...checkVerdicts(checked({ status: 'critical', findings }))]).toEqual([
    { status: 'critical', subject: 'one.test:443', code: 'expired', message: 'it expired', hint: 'renew it now' },
    { status: 'unknown', subject: 'one.test:443', code: 'malformed', message: 'it cannot be read' },
    { status: 'warning', subject: 'one.test:443', code: 'weak-key', message: 'it is weak' },
  ]);
});

test('notes never count, nor what is ignored', () => {
  const ignored = { ...finding('expired', 'it expired'), severity: 'note', ignored: '--ignore' } as const;
  const findings = [ignored, finding('client-certificate', 'it wants one')];
  expect([...checkVerdicts(checked({ findings }))].map(({ status, code }) => [status, code])).toEqual([
    ['ok', 'valid'],
  ]);
  const over = checked({ findings, left_seconds: -86_400 });
  expect([...checkVerdicts(over)][0]!.message).toBe('expired, on 2026-04-01');
});

test('a target without a date that is fine all the same says so', () => {
  const { expires: _expires, left_seconds: _left, ...rest } = checked({ certificates: [] });
  expect([...checkVerdicts(rest)]).toEqual([
    { status: 'ok', subject: 'one.test:443', code: 'valid', message: 'nothing that counts' },
  ]);
});

test('a verdict is never missing, and its status never better than that of the record', () => {
  const findings = [finding('expires-warning', 'soon')];
  expect([...checkVerdicts(checked({ findings, status: 'warning' }))].map(({ status }) => status)).toEqual(['warning']);
});
