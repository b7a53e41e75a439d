#include "cli/completion_scripts.h"

namespace hilo::cli {
namespace {

// The shell parts words at = and :, which belong to them for us; what it calls the current word is then the rest only.
constexpr std::string_view kBash = R"script(# bash completion for hilo, made by `hilo completion bash`.
# Try it:  source <(hilo completion bash)

_hilo() {
  local program=$1 word whole='' part=${COMP_WORDS[COMP_CWORD]} index
  local -a words=()
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if ((${#words[@]} > 0)) && [[ $word == [=:]* || ${words[-1]} == *[=:] ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  ((${#words[@]} > 0)) || words=('')
  whole=${words[-1]}
  [[ $part == [=:] ]] && part=''
  local before=${whole%"$part"}

  COMPREPLY=()
  local line kind='' candidate
  while IFS= read -r line; do
    case $line in
      :*) kind=${line#:} ;;
      *)
        candidate=${line%%$'\t'*}
        COMPREPLY+=("${candidate#"$before"}")
        ;;
    esac
  done < <("$program" complete bash "${words[@]}" 2>/dev/null)

  if [[ -n $kind ]]; then
    local action=-f
    [[ $kind == folders ]] && action=-d
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(compgen "$action" -- "$part")
  fi
}

complete -F _hilo hilo
)script";

constexpr std::string_view kZsh = R"script(#compdef hilo
# zsh completion for hilo, made by `hilo completion zsh`.
# Try it:  source <(hilo completion zsh)

_hilo() {
  local program=${(Q)words[1]} line kind=''
  local -a typed lines described plain
  typed=("${(@)words[2,CURRENT]}")
  (( $+commands[$program] )) || [[ -x $program ]] || program=hilo
  lines=("${(@f)$("$program" complete zsh "${typed[@]}" 2>/dev/null)}")
  for line in "${lines[@]}"; do
    if [[ $line == :* ]]; then
      kind=${line#:}
    elif [[ $line == *$'\t'?* ]]; then
      described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    elif [[ -n $line ]]; then
      plain+=("${line%%$'\t'*}")
    fi
  done
  local result=1
  (( ${#described} )) && _describe hilo described && result=0
  (( ${#plain} )) && compadd -- "${plain[@]}" && result=0
  if [[ -n $kind ]]; then
    [[ $PREFIX == --*=* ]] && compset -P '*='
    if [[ $kind == folders ]]; then
      _files -/ && result=0
    else
      _files && result=0
    fi
  fi
  return result
}

# The file is either read once by the completion system, which then calls it, or sourced.
if [[ ${funcstack[1]} == _hilo ]]; then
  _hilo "$@"
else
  compdef _hilo hilo
fi
)script";

}  // namespace

std::string_view completion_script(std::string_view shell) {
  if (shell == "bash") return kBash;
  return shell == "zsh" ? kZsh : "";
}

}  // namespace hilo::cli
