/** Bytes that are decrypted before others have their turn. */
const sliceLength = 64 * 1024;

/**
 * Decrypts RC2 in CBC mode (RFC 2268), as PKCS#12 files of before 2020 are; all bits of the key count. Undefined when
 * what comes out has no padding (RFC 5652, 6.3), so the key is not the right one. The signal ends it with its reason.
 *
 * Only node-forge still has this cipher: OpenSSL 3 keeps it in a provider that Node cannot load.
 */
export async function decryptRc2(
  ciphertext: Buffer,
  key: Buffer,
  initializationVector: Buffer,
  signal?: AbortSignal,
): Promise<Buffer | undefined> {
  if (ciphertext.length === 0 || ciphertext.length % 8 !== 0) return undefined;
  const [{ default: rc2 }, { default: util }] = await Promise.all([
    import('node-forge/lib/rc2.js'),
    import('node-forge/lib/util.js'),
  ]);
  const cipher = rc2.createDecryptionCipher(key.toString('latin1'), key.length * 8);
  cipher.start(initializationVector.toString('latin1'));
  const plain = Buffer.alloc(ciphertext.length);
  for (let offset = 0; offset < ciphertext.length; offset += sliceLength) {
    signal?.throwIfAborted();
    cipher.update(util.createBuffer(ciphertext.toString('latin1', offset, offset + sliceLength)));
    plain.write(cipher.output.getBytes(), offset, 'latin1');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  return withoutPadding(plain);
}

function withoutPadding(plain: Buffer): Buffer | undefined {
  const count = plain.at(-1)!;
  const end = plain.length - count;
  const isPadding = count >= 1 && count <= 8 && plain.subarray(end).every((byte) => byte === count);
  return isPadding ? plain.subarray(0, end) : undefined;
}
