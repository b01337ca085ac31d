export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

export interface CompletionScript {
  shell: Shell;
  /** To be read by the shell at its start. */
  script: string;
}

/** The script asks `devops complete` for candidates, and falls back to file names where there are none. */
export function completionScript(shell: Shell): string {
  return scripts[shell];
}

const bash = `# bash completion for devops
_devops() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <("\${COMP_WORDS[0]}" complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # A candidate such as junit= wants its value at once.
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -o default -F _devops devops
`;

const zsh = `#compdef devops
_devops() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if (( \${#candidates} == 0 )) || [[ -z "\${candidates[1]}" ]]; then
    _files
    return
  fi
  _describe -t devops devops candidates
}
if [[ "\${funcstack[1]}" == _devops ]]; then
  _devops "$@"
else
  compdef _devops devops
fi
`;

const fish = `# fish completion for devops
function __devops_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l candidates ($words[1] complete fish -- $words[2..-1] "$last" 2>/dev/null)
    if test (count $candidates) -eq 0
        __fish_complete_path "$last"
    else
        string join \\n -- $candidates
    end
end
complete -c devops -f -a '(__devops_complete)'
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
