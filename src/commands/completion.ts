import { defineCommand, type Spec } from '../command.ts';
import { type CompletionScript, completionScript, shells } from '../lib/completion/completion-script.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { nearest } from '../lib/errors/nearest.ts';

export default defineCommand({
  description:
    'Print the script that teaches a shell to complete the words of devops. The script asks devops itself at every Tab, so it never gets out of date.',
  examples: [
    { command: 'devops completion bash > /etc/bash_completion.d/devops', what: 'bash, for everybody' },
    { command: 'devops completion zsh > "${fpath[1]}/_devops"', what: 'zsh' },
    { command: 'devops completion fish > ~/.config/fish/completions/devops.fish', what: 'fish' },
  ],
  define: (spec: Spec) => spec.argument('<shell>', `one of ${shells.join(', ')}`),
  complete: { shell: () => shells },
  shape: 'one',
  async *run(_ctx, _options, shell: string): AsyncGenerator<CompletionScript> {
    const known = shells.find((name) => name === shell);
    if (known === undefined) {
      const near = nearest(shell, shells);
      throw new UserError(`there is no completion for the shell '${shell}'`, {
        code: 'usage',
        hints: [near === undefined ? `write one of ${shells.join(', ')}` : `did you mean '${near}'?`],
      });
    }
    yield { shell: known, script: completionScript(known) };
  },
  text: ({ script }) => script.trimEnd(),
});
