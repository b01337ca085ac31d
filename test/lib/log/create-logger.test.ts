import { expect, test } from 'vitest';
import { createLogger, type LoggerOptions } from '../../../src/lib/log/create-logger.ts';

function logger(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  return { lines, ...createLogger({ level: 'debug', format: 'text', now: () => new Date(0), write, ...options }) };
}

test('what is below the level is neither written nor looked at', async () => {
  const unreadable = {
    get state(): string {
      throw new Error('looked at');
    },
  };
  for (const format of ['text', 'json'] as const) {
    const { lines, log, flush } = logger({ level: 'error', format });
    log.debug('a', unreadable);
    log.info('b', unreadable);
    log.warn('c', unreadable);
    await flush();
    expect(lines).toEqual([]);
  }
});

test('for people every message is one line with its level, plain values bare and others quoted', () => {
  const { lines, log } = logger();
  log.debug('asking', { host: 'db-1.example:5432', tries: 3, words: 'two words', list: ['a', 1], nothing: null });
  log.info('done');
  log.warn('slow');
  log.error('gone');
  expect(lines).toEqual([
    'devops: debug: asking host=db-1.example:5432 tries=3 words="two words" list=["a",1] nothing=null\n',
    'devops: info: done\n',
    'devops: warning: slow\n',
    'devops: error: gone\n',
  ]);
});

test('nothing of a message, a name or a value can move the cursor or fake a line', () => {
  const { lines, log } = logger();
  const hostile = 'x\n\r\u001B[2J\u009B1m\u202E';
  log.warn(hostile, { [hostile]: hostile });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^devops: warning: [ -~]+\n$/);
});

test('as JSON the lines come in the order and with the time of the calls, also those before pino was there', async () => {
  let time = 0;
  const { lines, log, flush } = logger({ format: 'json', now: () => new Date(time++ * 1000) });
  log.info('one', { at: 1 });
  log.warn('two');
  expect(lines).toEqual([]);
  await flush();
  log.error('three', { failure: new Error('token=hunter22') });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: 'info', name: 'devops', time: '1970-01-01T00:00:00.000Z', at: 1, msg: 'one' },
    { level: 'warn', name: 'devops', time: '1970-01-01T00:00:01.000Z', msg: 'two' },
    {
      level: 'error',
      name: 'devops',
      time: '1970-01-01T00:00:02.000Z',
      failure: expect.stringMatching(/^Error: token=\[redacted\]\n/),
      msg: 'three',
    },
  ]);
  for (const line of lines) expect(line).toMatch(/^[^\n]+\n$/);
});
