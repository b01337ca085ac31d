// The bytes of XML that are looked for, each a character of its own in every encoding that AWS uses.

export const space = 0x20;
export const bang = 0x21;
export const quote = 0x22;
export const apostrophe = 0x27;
export const dash = 0x2d;
export const slash = 0x2f;
export const lessThan = 0x3c;
export const greaterThan = 0x3e;
export const question = 0x3f;
export const closingBracket = 0x5d;
