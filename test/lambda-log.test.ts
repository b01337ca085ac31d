import { pino as realPino } from 'pino';
import { expect, test } from 'vitest';
import { pino } from '../src/lambda-log.ts';

test('the lines of the Lambda function are those of pino', () => {
  const options = {
    level: 'debug',
    base: { name: 'devops' },
    timestamp: false,
    formatters: { level: (level: string) => ({ level }) },
  };
  const lines: { ours: string[]; pino: string[] } = { ours: [], pino: [] };
  const loggers = [
    pino(options, { write: (line) => lines.ours.push(line) }),
    realPino(options, { write: (line) => lines.pino.push(line) }),
  ];
  const fields = {
    time: '2026-11-20T19:00:00.000Z',
    try: 2,
    list: [1, null, 'x"\n\u001b'],
    none: undefined,
    deep: { a: true },
  };
  for (const logger of loggers) {
    for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level](fields, 'said "so"\nü');
  }
  expect(lines.ours).toHaveLength(4);
  expect(lines.ours).toEqual(lines.pino);
});
