// The types of node-forge know the whole package only, and loading all of it for one old cipher takes 20 ms.
declare module 'node-forge/lib/rc2.js' {
  import type { util } from 'node-forge';

  const rc2: {
    /** `key` is latin1 text; `bits` is how many of them count (RFC 2268, section 2). */
    createDecryptionCipher(
      key: string,
      bits: number,
    ): {
      output: util.ByteBuffer;
      start(initializationVector: string): void;
      update(input: util.ByteBuffer): void;
    };
  };
  export default rc2;
}

declare module 'node-forge/lib/util.js' {
  import type { util } from 'node-forge';

  const forgeUtil: typeof util;
  export default forgeUtil;
}
