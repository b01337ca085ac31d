/**
 * Lends what `make` makes to one at a time, and makes another only where all are lent. One whose work failed is not lent
 * again: it may still be busy with the rest.
 */
export function lendAgain<Tool>(make: () => Tool): <Result>(work: (tool: Tool) => Promise<Result>) => Promise<Result> {
  const idle: Tool[] = [];
  return async (work) => {
    const tool = idle.pop() ?? make();
    const result = await work(tool);
    idle.push(tool);
    return result;
  };
}
