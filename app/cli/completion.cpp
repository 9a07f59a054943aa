// SPDX-License-Identifier: Apache-2.0
#include "app/cli/completion.hpp"

#include <set>

namespace heddle {
namespace {

using Value = CompletionOption::Value;

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
    return text;
}

void collect_valued(const CompletionWord& word, std::set<std::string>& names) {
    for (const CompletionOption& option : word.options)
        if (option.value != Value::None) names.insert(option.name);
    for (const CompletionWord& child : word.children) collect_valued(child, names);
}

std::string completes(Value value, const std::vector<std::string>& words) {
    switch (value) {
        case Value::None: return ":";
        case Value::File: return "_heddle_files \"$current\"";
        case Value::LocalRepository: return "_heddle_words \"$current\" \"local:$(uname -m)\"";
        case Value::Branch: return "_heddle_branches \"$current\" \"$argument\"";
        case Value::Word:
            return words.empty() ? ":" : "_heddle_words \"$current\" '" + joined(words, " ") + "'";
    }
    return ":";
}

/// What the case branches of the script say, one line per verb or option.
struct Cases {
    std::string verbs;   // path -> verbs below, options, what its arguments are
    std::string values;  // "path option" -> what its value is
};

void add_verb(const CompletionWord& word, const std::string& path, const std::string& globals, Cases& cases) {
    std::vector<std::string> verbs, options;
    for (const CompletionWord& child : word.children) verbs.push_back(child.name);
    for (const CompletionOption& option : word.options) {
        options.push_back(option.name);
        if (option.value != Value::None)
            cases.values += "        '" + path + " " + option.name + "') " +
                            completes(option.value, option.words) + " ;;\n";
    }
    cases.verbs += "        '" + path + "') verbs='" + joined(verbs, " ") + "' options='" +
                   joined(options, " ") + globals +
                   "' argument_is=" + (word.argument == Value::File ? "file" : "") + " ;;\n";
    for (const CompletionWord& child : word.children)
        add_verb(child, path.empty() ? child.name : path + " " + child.name, globals, cases);
}

std::string global_options(const CompletionWord& program) {
    std::string names;
    for (const CompletionOption& option : program.options)
        if (option.name != "--help") names += " " + option.name;
    return names;
}

// Nothing that is not ours goes through compgen -W, which would run a branch named $(...) .
constexpr const char* kHelpers =
    R"(# bash completion for heddle; load it with: source <(heddle completion)
_heddle_words() {
    mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
    case ${COMPREPLY[0]} in *:) compopt -o nospace 2>/dev/null ;; esac
}
_heddle_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}
_heddle_branches() {
    local name repository=${2/#\~/$HOME}
    [ -d "$repository" ] || repository=.
    compopt -o filenames 2>/dev/null
    while IFS= read -r name; do
        case $name in "$1"*) COMPREPLY+=("$name") ;; esac
    done < <(git -C "$repository" for-each-ref --format='%(refname:short)' refs/heads refs/tags 2>/dev/null)
}
)";

constexpr const char* kBegin = R"(_heddle() {
    local current path= option= argument= word verbs options argument_is words=() glue= i
    COMPREPLY=()
    # Bash splits at ':' too: what stood together is one word again.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [ ${#words[@]} -gt 0 ] && [ -n "$word" ] && [[ -n $glue || $word = :* ]]; then words[-1]+=$word
        else words+=("$word"); fi
        glue=
        [[ $word != *: || $COMP_WORDBREAKS != *:* ]] || glue=yes
    done
    current=${words[-1]}
    unset 'words[-1]'
    [ "$current" != = ] || current=
    for word in "${words[@]}"; do
        case $word in
        =) ;;
        @VALUED@) option=$word ;;
        *)
            if [ -n "$option" ]; then option=
            elif [ "${word#-}" = "$word" ]; then
                [ -z "$path" ] || argument=$word
                path=${path:+$path }$word
            fi ;;
        esac
    done
    while :; do
        verbs= options= argument_is=
        case $path in
)";

constexpr const char* kMiddle = R"(        esac
        [ -n "$options" ] || [ -z "$path" ] && break
        # An argument, not a verb: look at what stands before it.
        case $path in *' '*) path=${path% *} ;; *) path= ;; esac
    done
    if [ -n "$option" ]; then
        case "$path $option" in
)";

constexpr const char* kEnd = R"(        esac
    else
        case $current in
        -*) _heddle_words "$current" "$options" ;;
        *) [ -z "$verbs" ] || _heddle_words "$current" "$verbs" ;;
        esac
        [ ${#COMPREPLY[@]} -gt 0 ] || [ -z "$argument_is" ] || _heddle_files "$current"
    fi
    # An offer takes the place of what stands behind the last ':'.
    if [[ $current = *:* && $COMP_WORDBREAKS = *:* ]]; then
        word=${current%"${current##*:}"}
        COMPREPLY=("${COMPREPLY[@]#"$word"}")
    fi
}
complete -F _heddle heddle
)";

}  // namespace

std::string completion_script(const CompletionWord& program) {
    std::set<std::string> valued;
    collect_valued(program, valued);
    Cases cases;
    CompletionWord top = program;
    const std::string globals = global_options(program);
    std::erase_if(top.options, [](const CompletionOption& option) { return option.name != "--help"; });
    add_verb(top, "", globals, cases);
    for (const CompletionOption& option : program.options)
        if (option.value != Value::None)
            cases.values +=
                "        *' " + option.name + "') " + completes(option.value, option.words) + " ;;\n";
    std::string begin = kBegin;
    begin.replace(
        begin.find("@VALUED@"), 8, joined(std::vector<std::string>(valued.begin(), valued.end()), "|"));
    return kHelpers + begin + cases.verbs + kMiddle + cases.values + kEnd;
}

}  // namespace heddle
