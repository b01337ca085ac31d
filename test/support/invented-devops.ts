// devops with the invented commands, as a process: `node test/support/invented-devops.ts many ok`.
import { main } from '../../src/main.ts';
import { commandProcess } from '../../src/process-context.ts';
import { inventedCommands } from './invented-commands.ts';

const { runtime, end } = commandProcess('0.0.0-test', import.meta.filename);
end(await main(process.argv.slice(2), runtime, inventedCommands));
