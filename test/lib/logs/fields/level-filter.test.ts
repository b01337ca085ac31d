import { expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { levels } from '../../../../src/lib/logs/fields/level.ts';
import { parseLevelFilter } from '../../../../src/lib/logs/fields/level-filter.ts';

test.for([
  ['error', ['error', 'critical', 'alert', 'emergency']],
  ['error+', ['error', 'critical', 'alert', 'emergency']],
  ['ERR', ['error', 'critical', 'alert', 'emergency']],
  ['3', ['error', 'critical', 'alert', 'emergency']],
  ['0', ['emergency']],
  ['trace', levels],
  ['=error', ['error']],
  ['=warn', ['warning']],
  ['error,warn', ['error', 'warning']],
  ['=error, =info', ['error', 'info']],
  ['debug..info', ['debug', 'info']],
  ['info..debug', ['debug', 'info']],
  ['4..3', ['warning', 'error']],
] as const)('%j asks for %j', ([text, expected]) => {
  expect([...parseLevelFilter(text)].toSorted()).toEqual([...expected].toSorted());
});

test.for([
  ['eror', "'eror' is not a level", 'did you mean error?'],
  ['warnign', "'warnign' is not a level", 'did you mean warning?'],
  ['error,wran', `'wran' is not a level (in --level 'error,wran')`, 'did you mean warn?'],
  ['', "'' is not a level", 'known are trace, debug'],
  ['debug..', "'' is not a level", 'known are trace, debug'],
  ['8', "'8' is not a level", 'known are trace, debug'],
  ['bananas', "'bananas' is not a level", 'known are trace, debug'],
] as const)('%j is refused', ([text, message, hint]) => {
  expect(() => parseLevelFilter(text)).toThrow(UserError);
  try {
    parseLevelFilter(text);
  } catch (error) {
    expect((error as UserError).message).toContain(message);
    expect((error as UserError).message.length).toBeLessThan(250);
    expect((error as UserError).hints[0]).toContain(hint);
  }
});

test('a long one is refused in one short line', () => {
  expect(() => parseLevelFilter('x\n'.repeat(5000))).toThrow(/^'(?:x\\n){30}\.\.\.' is not a level$/);
});
