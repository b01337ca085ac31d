export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

export interface CompletionScript {
  shell: Shell;
  /** To be read by the shell at its start. */
  script: string;
}

/**
 * The script asks `devops complete SHELL -- WORD...` at every Tab, the words as they stand on the line and the one at the
 * cursor last. It hands them over as arguments and evaluates none of them; a devops that is missing or fails gives
 * nothing. Its answer is described in suggestions.ts.
 */
export function completionScript(shell: Shell): string {
  return scripts[shell];
}

// bash cuts words at = and : as well, so pieces with no space between them are put together again. What it replaces is
// only the last piece ($2), so that much is cut off from the front of every candidate.
const bash = `# bash completion for devops
_devops() {
  local program=\${COMP_WORDS[0]} rest=\${COMP_LINE:0:COMP_POINT} index word after line
  local -a words=()
  [[ $program == '~/'* ]] && program=$HOME/\${program:2}
  for ((index = 0; index <= COMP_CWORD; index++)); do
    after=\${rest#"\${rest%%[![:space:]]*}"}
    word=\${COMP_WORDS[index]}
    if ((index == COMP_CWORD)); then word=$after; fi
    if ((index > 0)) && [[ $after == "$rest" ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    rest=\${after#"$word"}
  done
  local front=\${words[\${#words[@]} - 1]%"$2"}
  front=\${front//[\\"\\'\\\\]/}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ':files '* ]]; then
      compopt -o default
      return
    fi
    COMPREPLY+=("\${line#"$front"}")
  done < <("$program" complete bash -- "\${words[@]:1}" 2>/dev/null)
  # A candidate such as junit= wants its value at once.
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -F _devops devops
`;

const zsh = `#compdef devops
_devops() {
  local program=\${(Q)words[1]} length
  local -a lines open
  [[ $program == '~/'* ]] && program=$HOME/\${program#'~/'}
  lines=("\${(@f)$("$program" complete zsh -- "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  lines=("\${(@)lines:#}")
  if [[ "$lines[1]" == ':files '* ]]; then
    length=\${lines[1]#:files }
    IPREFIX+=\${PREFIX[1,length]}
    PREFIX=\${PREFIX[length+1,-1]}
    _files
    return
  fi
  # A candidate such as junit= wants its value at once.
  open=("\${(@M)lines:#*=(|:*)}")
  lines=("\${(@)lines:#*=(|:*)}")
  _describe -t devops devops lines -- open -S ''
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
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    command -q -- $program; or return
    set -e words[1]
    for line in ($program complete fish -- $words "$last" 2>/dev/null)
        if set -l length (string replace -fr '^:files ' '' -- $line)
            set -l front (string sub -l $length -- "$last")
            set -l name (string sub -s (math $length + 1) -- "$last")
            string replace -r '^' -- (string escape --style=regex -- "$front") (__fish_complete_path "$name")
        else
            echo $line
        end
    end
end
complete -c devops -f -a '(__devops_complete)'
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
