/** Runs the first question and hands its answer to all who ask; one that failed is asked again by the next. */
export function askOnce<Answer>(): (ask: () => Promise<Answer>) => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return async (ask) => {
    answer ??= ask();
    try {
      return await answer;
    } catch (error) {
      answer = undefined;
      throw error;
    }
  };
}
