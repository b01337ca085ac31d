import { expect, test } from 'vitest';
import { readEvent } from '../../../../src/lib/aws/lambda/read-event.ts';

const commands = ['asg-ips', 'stop-instances', 'start-instances'];
const read = (event: unknown, env: Record<string, string> = {}) => readEvent(event, env, commands);
const classic = { 'detail-type': 'Scheduled Event', source: 'aws.events', time: '2026-11-20T19:00:00Z', detail: {} };

test('an event of EventBridge Scheduler has the words and the moment at which it was due', () => {
  const event = { argv: ['stop-instances', '--tag', 'env=dev'], scheduledAt: '2026-11-20T19:00:00Z' };
  expect(read(event)).toEqual(event);
});

test('an event by hand need not say when it was due', () => {
  expect(read({ argv: ['start-instances', 'i-0123456789abcdef0'] })).toEqual({
    argv: ['start-instances', 'i-0123456789abcdef0'],
  });
});

test('a scheduled event of a rule takes the words of DEVOPS_ARGV', () => {
  expect(read(classic, { DEVOPS_ARGV: '["stop-instances", "--all"]' })).toEqual({
    argv: ['stop-instances', '--all'],
    scheduledAt: '2026-11-20T19:00:00Z',
  });
});

test.each([
  ['nothing', undefined, 'the event is no JSON object but nothing'],
  ['a list', ['stop-instances'], 'the event is no JSON object but an array'],
  ['an empty object', {}, "the event has no key 'argv'"],
  ['an unknown key', { argv: ['asg-ips'], shedule: 1 }, "the event has the unknown key 'shedule'"],
  ['a key of another prototype', JSON.parse('{"argv":["asg-ips"],"__proto__":1}'), "unknown key '__proto__'"],
  ['words in one text', { argv: 'stop-instances --all' }, "argv is no array of strings but 'stop-instances --all'"],
  ['no words', { argv: [] }, 'argv has to begin with a command, not with nothing'],
  ['a number among the words', { argv: ['asg-ips', 3] }, "argv[1] is no string but '3'"],
  ['null among the words', { argv: ['asg-ips', 'a', null] }, 'argv[2] is no string but null'],
  ['a hole among the words', { argv: ['asg-ips', undefined] }, 'argv[1] is no string but nothing'],
  ['too many words', { argv: Array.from({ length: 1001 }, () => 'asg-ips') }, 'argv has 1001 words, more than 1000'],
  ['too long words', { argv: ['asg-ips', 'x'.repeat(65_536)] }, 'more than 65536'],
  ['another command', { argv: ['doctor'] }, "argv: 'doctor' is no command of this function"],
  ['a time that is none', { argv: ['asg-ips'], scheduledAt: 5 }, "scheduledAt is no time but '5'"],
  [
    'a word of Scheduler that somebody else sent',
    { argv: ['asg-ips'], scheduledAt: '<aws.scheduler.scheduled-time>' },
    'scheduledAt was not filled in',
  ],
  [
    'an event of something else',
    { ...classic, 'detail-type': 'EC2 Instance State-change Notification' },
    'detail-type',
  ],
  ['a rule without words', classic, 'the environment variable DEVOPS_ARGV is not set'],
])('%s is refused by name', (_, event, message) => {
  expect(() => read(event)).toThrow(message);
});

test.each([
  ['no JSON', 'stop-instances', 'DEVOPS_ARGV is no JSON'],
  ['no array', '{"argv":[]}', 'DEVOPS_ARGV is no array of strings but an object'],
])('DEVOPS_ARGV that is %s is refused', (_, text, message) => {
  expect(() => read(classic, { DEVOPS_ARGV: text })).toThrow(message);
});

test.each([
  [{ argv: ['stop-instanses'] }, "did you mean 'stop-instances'?"],
  [{ argv: ['asg-ips'], sheduledAt: 'x' }, "did you mean 'scheduledAt'?"],
])('the nearest word is offered', (event, hint) => {
  expect(() => read(event)).toThrow(expect.objectContaining({ hints: [hint] }));
});
