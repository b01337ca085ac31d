import { setFlagsFromString } from 'node:v8';

/**
 * For commands that read a lot and end within a second: V8 compiles hot code a second time, with TurboFan, which takes a
 * third of the CPU of reading 10,000 instances and never pays. Maglev, the compiler before it, stays. May be called at any
 * time, and holds for the rest of the process.
 */
export function withoutOptimizer(): void {
  setFlagsFromString('--no-opt');
}
