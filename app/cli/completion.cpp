// SPDX-License-Identifier: Apache-2.0
#include "app/cli/completion.hpp"

namespace heddle {
namespace {

std::string words(const CompletionWord& word) {
    std::string text;
    for (const CompletionWord& child : word.children) text += child.name + " ";
    for (const std::string& option : word.options) text += option + " ";
    return text;
}

// One case per path of verbs: "runs show) words=...;;"
void add_cases(const CompletionWord& word, const std::string& path, std::string& script) {
    for (const CompletionWord& child : word.children) {
        const std::string below = path.empty() ? child.name : path + " " + child.name;
        script += "        '" + below + "') words=\"" + words(child) + "\" ;;\n";
        add_cases(child, below, script);
    }
}

}  // namespace

std::string completion_script(const CompletionWord& program) {
    std::string script =
        "# bash completion for heddle; load it with: source <(heddle completion)\n"
        "_heddle() {\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} path= word words\n"
        "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
        "        case $word in -*) ;; *) path=${path:+$path }$word ;; esac\n"
        "    done\n"
        "    while :; do\n"
        "        words=\n"
        "        case $path in\n"
        "        '') words=\"" +
        words(program) + "\" ;;\n";
    add_cases(program, "", script);
    script +=
        "        esac\n"
        "        [ -n \"$words\" ] || [ -z \"$path\" ] && break\n"
        "        # An argument, not a verb: look at what stands before it.\n"
        "        case $path in *' '*) path=${path% *} ;; *) path= ;; esac\n"
        "    done\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
        "    [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
        "}\n"
        "complete -o filenames -F _heddle heddle\n";
    return script;
}

}  // namespace heddle
