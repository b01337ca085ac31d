import { getDiffieHellman } from 'node:crypto';

/** The group of 1,024 bits that old servers share (RFC 2409, second Oakley group), as PEM for `s_server -dhparam`. */
export function smallDhParameters(): string {
  const group = getDiffieHellman('modp2');
  const numbers = Buffer.concat([derInteger(group.getPrime()), derInteger(group.getGenerator())]);
  const base64 = der(0x30, numbers).toString('base64');
  return `-----BEGIN DH PARAMETERS-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END DH PARAMETERS-----\n`;
}

function derInteger(number: Buffer): Buffer {
  // A leading bit of 1 would make it negative.
  return der(0x02, number[0]! > 0x7f ? Buffer.concat([Buffer.from([0]), number]) : number);
}

function der(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  if (content.length >= 0x80 && content.length < 0x100) length.splice(0, 2, 0x81);
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
