# Prints what zsh offers at the end of a line: $1 the directory with the completion, $2 the line, $3 a file to write to.
# A shell on a terminal of its own, because nothing is completed elsewhere. What is added as a match is written down.
zmodload zsh/zpty
zpty -b shell zsh -f -i
tell() { zpty -w shell "$1" }
wait_for() { repeat 300 { [[ -e $2 && "$(<$2)" == *$1* ]] && return; sleep 0.02 } }

tell "stty -echo; PS1= PS2= RPS1=; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=10000"
tell "compadd() {
  local -a matches
  if [[ \"\$*\" != *-[OAD]* ]]; then builtin compadd -O matches \"\$@\"; print -rl -- \$matches >> $3; fi
  builtin compadd \"\$@\"
}"
tell "complete_and_say() { zle expand-or-complete; print -r -- ended >> $3 }; zle -N complete_and_say"
tell "bindkey '^I' complete_and_say; print begun >| $3"
wait_for begun $3
zpty -w -n shell "$2"$'\t'
wait_for ended $3
grep -vxE 'begun|ended|' $3 | sort -u
zpty -d shell
